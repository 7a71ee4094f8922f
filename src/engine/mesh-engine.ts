import type { ChannelMessage } from '../protocol/channel.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { LeaveReason, Member, RelayedSignalFrame, ServerFrame } from '../protocol/room.ts';
import type { Signal, Source } from '../protocol/signal.ts';
import type { IncomingCall, Signaling, SignalingListener } from '../signaling/signaling.ts';
import type { CallEngine, EngineConfig, EngineListener, LinkStats } from './engine.ts';
import { iceConfiguration } from './ice-config.ts';
import { NetworkWatch } from './network-watch.ts';
import type { LinkHost, PeerLink } from './peer-link.ts';
import { newPeer, orphan, relist, type Peer } from './peer.ts';
import { Ration } from './ration.ts';
import { summarize } from './stats.ts';

/**
 * Someone whom the server does not list, and whose path is broken, is gone after this time: long enough for everyone to
 * come back to a server that was restarted.
 */
const ORPHANS_WAIT = 8_000;
const TICK = 1_000;
/** Connections that all others together may make us make, at once and a second after that: ids cost a stranger nothing. */
const CALLS_IN_ALL = [100, 4] as const;
/** Ticks from one look at the quality to the next. */
const QUALITY_EVERY = 2;

/** Everyone connected to everyone: one link to each other participant. */
export class MeshEngine implements CallEngine, LinkHost {
  readonly signaling: Signaling;
  readonly #config: EngineConfig;
  readonly #emit: EngineListener;
  readonly #peers = new Map<string, Peer>();
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #network: NetworkWatch;
  readonly #calls = new Ration(...CALLS_IN_ALL);
  #pageIce: readonly IceServer[];
  #serverIce: readonly IceServer[] = [];
  #policy: RTCIceTransportPolicy;
  #receivesVideo: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastTick = 0;
  #ticks = 0;

  constructor(
    config: EngineConfig,
    listener: EngineListener,
    createSignaling: (listener: SignalingListener) => Signaling,
  ) {
    this.#config = config;
    this.#pageIce = config.iceServers;
    this.#policy = config.iceTransportPolicy;
    this.#receivesVideo = config.receivesVideo;
    this.#emit = listener;
    this.#network = new NetworkWatch((isNew) => this.signaling.probe(isNew));
    this.signaling = createSignaling((type, detail) => {
      if (type === 'frame') this.#handleFrame(detail as ServerFrame);
      else if (type === 'call') this.#handleCall(detail as IncomingCall);
      else if (type === 'lost') this.#emit('server', { isConnected: false });
      else this.#handleRefused(detail as { code: string; detail: string });
    });
  }

  get selfId(): string {
    return this.signaling.selfId;
  }

  async join(): Promise<void> {
    await this.signaling.open(this.#config.room, this.#config.pass);
    this.#network.start();
    this.#lastTick = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  rejoin(): void {
    this.signaling.rejoin();
  }

  moderate(action: ModeratorAction): Promise<void> {
    return this.signaling.moderate(action);
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#network.stop();
    this.send({ kind: 'leave' });
    this.signaling.close(true);
    for (const peer of this.#peers.values()) peer.link.close();
    this.#peers.clear();
    this.#tracks.clear();
  }

  setTrack(source: Source, track: MediaStreamTrack | undefined): void {
    if (track) this.#tracks.set(source, track);
    else this.#tracks.delete(source);
    for (const { link } of this.#peers.values()) link.setTrack(source, track);
  }

  receiveVideo(isWanted: boolean): void {
    this.#receivesVideo = isWanted;
    for (const { link } of this.#peers.values()) link.receive();
  }

  send(message: ChannelMessage, to?: string): number {
    if (to !== undefined) return this.#peers.get(to)?.link.send(message) === true ? 1 : 0;
    let sent = 0;
    for (const { link } of this.#peers.values()) if (link.send(message)) sent++;
    return sent;
  }

  setIce(iceServers: readonly IceServer[], policy: RTCIceTransportPolicy): void {
    const isStricter = policy !== this.#policy;
    this.#pageIce = iceServers;
    this.#policy = policy;
    this.#applyIce();
    // A policy says which paths may be used at all: the present one may not be among them any more.
    if (isStricter) for (const { link } of this.#peers.values()) link.refresh();
  }

  audioLevel(id: string): number {
    return this.#peers.get(id)?.link.connection?.audioLevel() ?? 0;
  }

  async stats(id: string): Promise<LinkStats | undefined> {
    const connection = this.#peers.get(id)?.link.connection?.peerConnection;
    return connection && summarize(await connection.getStats());
  }

  /* For the links */

  config(): RTCConfiguration {
    return iceConfiguration(this.#pageIce, this.#serverIce, this.#policy);
  }

  tracks(): ReadonlyMap<Source, MediaStreamTrack> {
    return this.#tracks;
  }

  receives(id: string, kind: string): boolean {
    return !this.#peers.get(id)?.isViewer && (kind === 'audio' || this.#receivesVideo);
  }

  listens(id: string, signal: Signal): boolean {
    return this.#peers.get(id)?.ration.maySay(signal) === true;
  }

  canReach(id: string): boolean {
    const peer = this.#peers.get(id);
    return this.signaling.isOpen && peer?.isListed === true && !peer.isAway;
  }

  onState(id: string, state: PeerLink['state']): void {
    this.#emit('link', { id, state });
  }

  onOpen(id: string): void {
    this.#emit('channel-open', { id });
  }

  onMessage(id: string, message: ChannelMessage): void {
    if (message.kind === 'leave') this.#remove(id, 'left');
    else if (message.kind !== 'heartbeat') this.#emit('message', { id, message });
  }

  onTrack(id: string, source: Source, track: MediaStreamTrack | undefined): void {
    this.#emit('track', { id, source, track });
  }

  /* From the server */

  #handleFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ROOM-WELCOME':
        this.#serverIce = frame.iceServers;
        this.#applyIce();
        // Before anybody is called: a viewer calls with nothing.
        this.#emit('standing', { ...frame, id: this.selfId });
        this.#emit('joined', { selfId: this.selfId, capacity: frame.capacity });
        this.#emit('door', frame);
        this.#mergeRoster(frame.members);
        this.#emit('server', { isConnected: true });
        return;
      case 'ROOM-JOINED':
        this.#list({ ...frame, away: false });
        return;
      case 'ROOM-LEFT':
        this.#handleLeft(frame.id, frame.reason);
        return;
      case 'ROOM-PRESENCE':
        if (this.#peers.has(frame.id)) this.#list(frame);
        else if (frame.id === this.selfId) this.#emit('standing', frame);
        return;
      case 'ROOM-DOOR':
        this.#emit('door', frame);
        return;
      case 'ROOM-WAITING':
      case 'ROOM-MUTE':
        this.#emit('moderated', frame);
        return;
      case 'ROOM-SIGNAL':
        this.#handleSignal(frame);
        return;
      case 'ROOM-UNDELIVERED':
        this.#peers.get(frame.dst)?.link.handleUndelivered(frame.link);
        return;
      case 'ROOM-ICE':
        this.#serverIce = frame.iceServers;
        this.#applyIce();
        return;
      default:
    }
  }

  /** After a join or a reconnection: everyone in the list is here; those with whom there is no link are called. */
  #mergeRoster(members: readonly Member[]): void {
    const listed = new Set(members.map(({ id }) => id));
    for (const [id, peer] of this.#peers) if (!listed.has(id)) orphan(peer);
    const hasMoved = this.#network.takeChange();
    for (const member of members.filter(({ id }) => id !== this.selfId)) {
      const isKnown = this.#peers.has(member.id);
      const { link } = this.#list(member);
      if (!isKnown && !member.away) link.dial();
      else if (hasMoved || link.state !== 'connected' || link.connection?.isDisconnected)
        link.refresh();
    }
  }

  /** The server says that this participant is in the room. */
  #list(member: Member): Peer {
    const { id } = member;
    const known = this.#peers.get(id);
    if (known) {
      relist(known, member);
      this.#emit('standing', member);
      return known;
    }
    const peer = newPeer(member, this);
    this.#peers.set(id, peer);
    this.#emit('participant-joined', { id });
    this.#emit('standing', member);
    return peer;
  }

  #handleLeft(id: string, reason: LeaveReason): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    // The server has lost it, we have not: its media goes on, and it will be back in the list.
    if (reason === 'timeout' && peer.link.state === 'connected') orphan(peer);
    else this.#remove(id, reason);
  }

  #remove(id: string, reason: LeaveReason): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    this.#peers.delete(id);
    peer.link.close();
    this.#emit('participant-left', { id, reason });
  }

  #handleCall(call: IncomingCall): void {
    const peer = this.#peers.get(call.from);
    if (peer?.isListed === true && peer.ration.mayCall() && this.#calls.take())
      peer.link.accept(call);
    else call.refuse();
  }

  #handleSignal({ src, link, signal }: RelayedSignalFrame): void {
    if (!this.listens(src, signal)) return;
    // After a BYE this side calls.
    if (signal.kind !== 'bye' || this.#calls.take())
      this.#peers.get(src)?.link.handleSignal(link, signal, 'server');
  }

  #handleRefused({ code, detail }: { code: string; detail: string }): void {
    // What runs goes on, and the server is asked again with another token.
    if (code !== 'token-expired') this.leave();
    this.#emit('failed', { code, detail });
  }

  #applyIce(): void {
    const config = this.config();
    for (const { link } of this.#peers.values()) link.setConfig(config);
  }

  #tick(): void {
    const now = performance.now();
    const wasAsleep = now - this.#lastTick > 3 * TICK;
    this.#lastTick = now;
    this.#ticks++;
    for (const [id, peer] of this.#peers) {
      peer.link.tick(now, wasAsleep);
      const isLost = !peer.isListed && peer.link.state !== 'connected' && this.signaling.isOpen;
      if (isLost && now - peer.orphanSince > ORPHANS_WAIT) this.#remove(id, 'timeout');
      else if (this.#ticks % QUALITY_EVERY === 0) void this.#lookAtQuality(id, peer);
    }
  }

  async #lookAtQuality(id: string, peer: Peer): Promise<void> {
    const stats = peer.link.state === 'connected' ? await this.stats(id) : undefined;
    if (stats && this.#peers.get(id) === peer)
      this.#emit('quality', { id, quality: peer.quality.update(stats) });
  }
}
