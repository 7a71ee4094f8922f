import { CallError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import {
  isRoomFrame,
  isServerFrame,
  type ClientFrame,
  type RoomErrorCode,
  type ServerFrame,
} from '../protocol/room.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { Signal } from '../protocol/signal.ts';
import { Asked } from './asked.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Identity } from './identity.ts';
import { dial, guardFrames, incoming, isExpected, sendFrame } from './peer-adapter.ts';
import { isPeerFrame } from './peer-frames.ts';
import { Peer } from './peerjs.ts';
import { Retries } from './retries.ts';
import { formatServerAddress, shardOf, type ServerAddress } from './server-address.ts';
import type { CallMedia, Dial, Pass, Signaling, SignalingListener } from './signaling.ts';

/**
 * PeerJS over one WebSocket. PeerJS carries the first offer and answer of each link; the room protocol rides on the same
 * socket. Reconnection, liveness and the check of every frame are ours: docs/protocol.md.
 */
export class PeerSignaling implements Signaling {
  readonly #identity: Identity;
  readonly #address: ServerAddress;
  readonly #emit: SignalingListener;
  readonly #heartbeat: Heartbeat;
  readonly #retries: Retries;
  #peer: Peer | undefined;
  #room = '';
  #pass!: () => Pass;
  #isOpen = false;
  /** A moderator decides about us. */
  #isWaiting = false;
  #isClosed = false;
  /** Links that PeerJS knows: it keeps frames of others for ever. */
  readonly #links = new Set<string>();
  readonly #asked = new Asked();
  /** Settles `open()`; undefined once it has. */
  #opening: { resolve: () => void; reject: (error: CallError) => void } | undefined;

  constructor(address: ServerAddress, identity: Identity, listener: SignalingListener) {
    this.#address = address;
    this.#identity = identity;
    this.#emit = listener;
    const onDead = (): void => {
      this.#lost(true);
    };
    this.#heartbeat = new Heartbeat((n) => this.#send({ type: 'ROOM-PING', n }), onDead);
    this.#retries = new Retries(() => {
      this.#connect();
    }, onDead);
  }

  get selfId(): string {
    return this.#identity.id;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(room: string, pass: () => Pass): Promise<void> {
    this.#room = room;
    this.#pass = pass;
    const opened = new Promise<void>((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    this.#connect();
    await opened;
  }

  call(to: string, media: CallMedia): Dial | undefined {
    if (!this.#peer || !this.#isOpen) return undefined;
    return dial(this.#peer, to, media, this.#links);
  }

  rejoin(): void {
    const { token, host, locked } = this.#pass();
    // Who waits is no member, whatever it has been.
    const known = this.#isWaiting ? { token, locked: true } : { token, host, locked };
    this.#send({ type: 'ROOM-JOIN', version: PROTOCOL_VERSION, room: this.#room, ...known });
  }

  async moderate(action: ModeratorAction): Promise<void> {
    if (!this.#isOpen) throw new CallError('server-unreachable');
    this.#send({ type: 'ROOM-MODERATE', ...action });
    await this.#asked.ask();
  }

  signal(to: string, link: string, signal: Signal): boolean {
    return this.#isOpen && this.#send({ type: 'ROOM-SIGNAL', dst: to, link, signal });
  }

  probe(isNewNetwork: boolean): void {
    if (isNewNetwork) {
      this.#retries.forgive();
      // What was open, or opening, on the old network looks so for minutes and swallows everything.
      this.#lost(true);
    } else if (this.#isOpen) this.#heartbeat.probe();
    this.#retries.hurry();
  }

  close(announce: boolean): void {
    if (this.#isClosed) return;
    if (announce && this.#isOpen) this.#send({ type: 'ROOM-LEAVE' });
    this.#isClosed = true;
    this.#isOpen = false;
    this.#heartbeat.stop();
    this.#retries.stop();
    this.#peer?.removeAllListeners();
    this.#peer?.destroy();
    this.#asked.fail('cancelled');
    this.#settle(new CallError('cancelled'));
  }

  #connect(): void {
    this.#retries.begin();
    if (this.#peer && !this.#peer.destroyed) {
      this.#peer.reconnect();
      return;
    }
    const { host, port, path, secure } = this.#address;
    const peer = new Peer(this.selfId, {
      host,
      port,
      path,
      secure,
      // PeerJS writes it into the address as it is.
      key: `peerjs&shard=${shardOf(this.#room)}`,
      token: this.#identity.token,
      config: {},
      debug: 0,
    });
    this.#peer = peer;
    guardFrames(peer, (frame) => this.#isForPeer(frame));
    peer.on('open', () => {
      this.rejoin();
    });
    const onLost = (): void => {
      this.#lost(false);
    };
    peer.on('disconnected', onLost);
    // A Peer that never opened is destroyed by errors such as ID-TAKEN, without `disconnected`.
    peer.on('close', onLost);
    // Errors of single connections end here too; each link watches its own connection.
    peer.on('error', () => undefined);
    peer.on('call', (media) => {
      this.#emit('call', incoming(media, this.#links, peer.options));
    });
  }

  /** Takes what is ours; true for what PeerJS may see. */
  #isForPeer(frame: unknown): boolean {
    if (this.#isClosed) return false;
    this.#heartbeat.heard();
    if (!isRoomFrame(frame))
      return isPeerFrame(frame) && isExpected(frame, this.#links, this.#isOpen);
    if (isServerFrame(frame)) this.#handleFrame(frame);
    return false;
  }

  #handleFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ROOM-WELCOME':
        this.#retries.succeeded();
        this.#isOpen = true;
        this.#isWaiting = false;
        this.#heartbeat.start();
        this.#emit('frame', frame);
        this.#settle();
        return;
      case 'ROOM-WAITING':
        this.#retries.answered();
        this.#isWaiting = true;
        this.#heartbeat.start();
        this.#send({ type: 'ROOM-KNOCK', name: this.#pass().name });
        this.#emit('frame', frame);
        return;
      case 'ROOM-RESULT':
        this.#asked.answer(frame);
        return;
      case 'ROOM-ERROR':
        this.#refuse(frame.code, frame.detail);
        return;
      case 'ROOM-CLOSING':
        this.#retries.retryAfter = Math.min(frame.retryAfter, 60_000);
        return;
      default:
        if (this.#isOpen) this.#emit('frame', frame);
    }
  }

  #refuse(code: RoomErrorCode, detail: string): void {
    // Of a running call nothing is lost by trying again later; a first join is told at once.
    if (!this.#opening && (code === 'rate-limited' || code === 'server-full')) return;
    const refused = new CallError(code, detail);
    const wasOpening = this.#opening !== undefined;
    this.#settle(refused);
    if (!wasOpening) this.#emit('refused', { code, detail });
  }

  /** The socket is gone, or must go because it does not answer. */
  #lost(isOurChoice: boolean): void {
    if (this.#isClosed || this.#retries.isWaiting) return;
    this.#heartbeat.stop();
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#asked.fail('server-unreachable');
    // Before `disconnect()`, which calls back into here.
    this.#retries.schedule(isOurChoice && wasOpen);
    this.#peer?.disconnect();
    if (this.#opening && !this.#isWaiting) {
      this.#settle(new CallError('server-unreachable', formatServerAddress(this.#address)));
    } else if (wasOpen) this.#emit('lost', {});
  }

  #settle(error?: CallError): void {
    const opening = this.#opening;
    this.#opening = undefined;
    if (!opening) return;
    if (!error) {
      opening.resolve();
      return;
    }
    this.close(false);
    opening.reject(error);
  }

  #send(frame: ClientFrame): boolean {
    return sendFrame(this.#peer, frame);
  }
}
