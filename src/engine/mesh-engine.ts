import type { ChannelMessage } from '../protocol/channel.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { RelayedSignalFrame, ServerFrame } from '../protocol/room.ts';
import type { Signal, Source } from '../protocol/signal.ts';
import type { IncomingCall, Signaling, SignalingListener } from '../signaling/signaling.ts';
import type { Speech } from '../signaling/speech.ts';
import type { CallEngine, EngineConfig, EngineListener, LinkStats } from './engine.ts';
import { iceConfiguration } from './ice-config.ts';
import { NetworkWatch } from './network-watch.ts';
import type { LinkHost, PeerLink } from './peer-link.ts';
import type { QualityCeiling } from './picture-plan.ts';
import { Ration } from './ration.ts';
import { Roster } from './roster.ts';
import { Sending } from './sending.ts';
import { summarize } from './stats.ts';

const TICK = 1_000;
/** Connections that all others together may make us make, at once and a second after that: ids cost a stranger nothing. */
const CALLS_IN_ALL = [100, 4] as const;
/** With so many others, a third as many packets of sound matter more than 40 ms. */
const CROWD = 4;
/** Ticks from one look at the quality to the next. */
const QUALITY_EVERY = 2;

/** Everyone connected to everyone: one link to each other participant. */
export class MeshEngine implements CallEngine, LinkHost {
  readonly signaling: Signaling;
  readonly #config: EngineConfig;
  readonly #emit: EngineListener;
  readonly #roster: Roster;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #network: NetworkWatch;
  readonly #calls = new Ration(...CALLS_IN_ALL);
  readonly #sending: Sending;
  #pageIce: readonly IceServer[];
  #serverIce: readonly IceServer[] = [];
  #policy: RTCIceTransportPolicy;
  #receivesVideo: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hasLeft = false;
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
    this.#sending = new Sending(config.quality, {
      links: () => this.#roster.links,
      onNeed: (need) => {
        listener('need', need);
      },
      onMeans: (means) => {
        listener('means', means);
      },
    });
    this.#emit = listener;
    this.#roster = new Roster(this, listener);
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
    // The page, which is told before, may have left for another room.
    if (this.#hasLeft) return;
    this.#network.start();
    this.#sending.start();
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
    this.#hasLeft = true;
    clearInterval(this.#timer);
    this.#network.stop();
    this.#sending.stop();
    this.send({ kind: 'leave' });
    this.signaling.close(true);
    this.#roster.clear();
    this.#tracks.clear();
  }

  setTrack(source: Source, track: MediaStreamTrack | undefined): void {
    if (track) this.#tracks.set(source, track);
    else this.#tracks.delete(source);
    for (const link of this.#roster.links) link.setTrack(source, track);
  }

  receiveVideo(isWanted: boolean): void {
    this.#receivesVideo = isWanted;
    for (const link of this.#roster.links) link.receive();
  }

  limitQuality(ceiling: QualityCeiling): void {
    this.#sending.limit(ceiling);
  }

  pauseVideo(isPaused: boolean): void {
    this.#sending.pause(isPaused);
  }

  adjust(): void {
    this.#sending.adjust();
  }

  send(message: ChannelMessage, to?: string): number {
    if (to !== undefined) {
      const peer = this.#roster.get(to);
      if (message.kind === 'view') peer?.quality.excuseFreezes();
      return peer?.link.send(message) === true ? 1 : 0;
    }
    let sent = 0;
    for (const link of this.#roster.links) if (link.send(message)) sent++;
    return sent;
  }

  setIce(iceServers: readonly IceServer[], policy: RTCIceTransportPolicy): void {
    const isStricter = policy !== this.#policy;
    this.#pageIce = iceServers;
    this.#policy = policy;
    this.#applyIce();
    // A policy says which paths may be used at all: the present one may not be among them any more.
    if (isStricter) for (const link of this.#roster.links) link.refresh();
  }

  audioLevel(id: string): number {
    return this.#roster.link(id)?.connection?.audioLevel() ?? 0;
  }

  async stats(id: string): Promise<LinkStats | undefined> {
    const connection = this.#roster.link(id)?.connection?.peerConnection;
    return connection && summarize(await connection.getStats());
  }

  /* For the links */

  config(): RTCConfiguration {
    return iceConfiguration(this.#pageIce, this.#serverIce, this.#policy);
  }

  tracks(): ReadonlyMap<Source, MediaStreamTrack> {
    return this.#tracks;
  }

  speech(id: string): Speech {
    return {
      isRedundant: this.#roster.get(id)?.redundancy.isOn === true,
      isSparse: this.#roster.links.length >= CROWD,
    };
  }

  receives(id: string, kind: string): boolean {
    return !this.#roster.get(id)?.isViewer && (kind === 'audio' || this.#receivesVideo);
  }

  listens(id: string, signal: Signal): boolean {
    return this.#roster.get(id)?.ration.maySay(signal) === true;
  }

  canReach(id: string): boolean {
    const peer = this.#roster.get(id);
    return this.signaling.isOpen && peer?.isListed === true && !peer.isAway;
  }

  onState(id: string, state: PeerLink['state']): void {
    this.#emit('link', { id, state });
  }

  onOpen(id: string): void {
    this.#emit('channel-open', { id });
  }

  onMessage(id: string, message: ChannelMessage): void {
    if (message.kind === 'leave') this.#roster.remove(id, 'left');
    else if (message.kind === 'view') this.#sending.show(this.#roster.link(id), message);
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
        this.#roster.merge(frame.members, this.#network.takeChange());
        this.#emit('server', { isConnected: true });
        return;
      case 'ROOM-JOINED':
        this.#roster.list({ ...frame, away: false });
        return;
      case 'ROOM-LEFT':
        this.#roster.handleLeft(frame.id, frame.reason);
        return;
      case 'ROOM-PRESENCE':
        if (this.#roster.get(frame.id)) this.#roster.list(frame);
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
        this.#roster.link(frame.dst)?.handleUndelivered(frame.link);
        return;
      case 'ROOM-ICE':
        this.#serverIce = frame.iceServers;
        this.#applyIce();
        return;
      default:
    }
  }

  #handleCall(call: IncomingCall): void {
    const peer = this.#roster.get(call.from);
    if (peer?.isListed === true && peer.ration.mayCall() && this.#calls.take())
      peer.link.accept(call);
    else call.refuse();
  }

  #handleSignal({ src, link, signal }: RelayedSignalFrame): void {
    if (!this.listens(src, signal)) return;
    // After a BYE this side calls.
    if (signal.kind !== 'bye' || this.#calls.take())
      this.#roster.link(src)?.handleSignal(link, signal, 'server');
  }

  #handleRefused({ code, detail }: { code: string; detail: string }): void {
    // What runs goes on, and the server is asked again with another token.
    if (code !== 'token-expired') this.leave();
    this.#emit('failed', { code, detail });
  }

  #applyIce(): void {
    const config = this.config();
    for (const link of this.#roster.links) link.setConfig(config);
  }

  #tick(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#lastTick - TICK);
    this.#lastTick = now;
    this.#ticks++;
    this.#roster.tick(now, late);
    // Both at once: the browser then looks once.
    if (this.#ticks % QUALITY_EVERY === 0) this.#roster.lookAtQuality();
    void this.#sending.update();
  }
}
