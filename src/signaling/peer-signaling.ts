import type { CallOption, Peer } from 'peerjs';
import { CallError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import { randomId } from '../protocol/random.ts';
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
import { reconnectDelay } from './backoff.ts';
import { isPeerFrame } from './peer-frames.ts';
import { Heartbeat } from './heartbeat.ts';
import { formatServerAddress, shardOf, type ServerAddress } from './server-address.ts';
import { dial, incoming, isExpected, type FrameSource } from './peer-adapter.ts';
import type { CallMedia, Dial, Pass, Signaling, SignalingListener } from './signaling.ts';

/** A server that has not answered for so long, from the start of the connection to the WELCOME, is out of reach. */
const CONNECT_WITHIN = 8_000;
/** In its first moments a new network takes no connections yet. The server has no part in that, so no jitter is needed. */
const QUICK_TRIES = 4;
const QUICK_DELAY = 400;

/**
 * Loaded when it is needed, and by this one name: the bundler then leaves the rest of PeerJS out. The lobby calls it ahead
 * of the click; it connects to nothing.
 */
export async function loadPeer(): Promise<typeof Peer> {
  const { Peer: loaded } = await import('peerjs');
  return loaded;
}

/**
 * PeerJS over one WebSocket. PeerJS carries the first offer and answer of each link; the room protocol rides on the same
 * socket. Reconnection, liveness and the check of every frame are ours: docs/protocol.md.
 */
export class PeerSignaling implements Signaling {
  readonly selfId = randomId();
  readonly #token = randomId(32);
  readonly #address: ServerAddress;
  readonly #emit: SignalingListener;
  readonly #heartbeat: Heartbeat;
  #peer: Peer | undefined;
  #room = '';
  #pass!: () => Pass;
  #isOpen = false;
  /** A moderator decides about us. */
  #isWaiting = false;
  #isClosed = false;
  #attempt = 0;
  /** How many failures more are followed by another try at once. */
  #quickTries = 0;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that a server which announced its restart asked for. */
  #retryAfter = 0;
  /** Links that PeerJS knows: it keeps frames of others for ever. */
  readonly #links = new Set<string>();
  readonly #asked = new Asked();
  /** Settles `open()`; undefined once it has. */
  #opening: { resolve: () => void; reject: (error: CallError) => void } | undefined;

  constructor(address: ServerAddress, listener: SignalingListener) {
    this.#address = address;
    this.#emit = listener;
    this.#heartbeat = new Heartbeat(
      (n) => this.#send({ type: 'ROOM-PING', n }),
      () => {
        this.#lost(true);
      },
    );
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
    void this.#connect();
    await opened;
  }

  call(to: string, { tracks, config, receivesAudio, receivesVideo }: CallMedia): Dial | undefined {
    if (!this.#peer || !this.#isOpen) return undefined;
    this.#peer.options.config = config;
    // PeerJS reads both options (MediaConnection, Negotiator) without having them in its types.
    const options: CallOption & { connectionId: string; constraints: RTCOfferOptions } = {
      connectionId: randomId(),
      // Both sections are in the first offer even when this side sends nothing yet, so that the answer can fill them.
      constraints: { offerToReceiveAudio: receivesAudio, offerToReceiveVideo: receivesVideo },
    };
    const peer = this.#peer;
    return dial(tracks, this.#links, (stream) => peer.call(to, stream, options));
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
      this.#attempt = 0;
      this.#quickTries = QUICK_TRIES;
      // What was open, or opening, on the old network looks so for minutes and swallows everything.
      if (this.#retryTimer === undefined) this.#lost(true);
    } else if (this.#isOpen) this.#heartbeat.probe();
    if (this.#retryTimer !== undefined) this.#retryNow();
  }

  close(announce: boolean): void {
    if (this.#isClosed) return;
    if (announce && this.#isOpen) this.#send({ type: 'ROOM-LEAVE' });
    this.#isClosed = true;
    this.#isOpen = false;
    this.#heartbeat.stop();
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#retryTimer);
    this.#peer?.removeAllListeners();
    this.#peer?.destroy();
    this.#asked.fail('cancelled');
    this.#settle(new CallError('cancelled'));
  }

  async #connect(): Promise<void> {
    this.#connectTimer = setTimeout(() => {
      this.#lost(true);
    }, CONNECT_WITHIN);
    if (this.#peer && !this.#peer.destroyed) {
      this.#peer.reconnect();
      return;
    }
    let PeerClass: typeof Peer;
    try {
      PeerClass = await loadPeer();
    } catch (cause) {
      this.#settle(new CallError('server-unreachable', '', cause));
      return;
    }
    // Left while the code was loading; nothing may be opened any more.
    if (this.#isClosed) return;
    const { host, port, path, secure } = this.#address;
    const peer = new PeerClass(this.selfId, {
      host,
      port,
      path,
      secure,
      // PeerJS writes it into the address as it is.
      key: `peerjs&shard=${shardOf(this.#room)}`,
      token: this.#token,
      config: {},
      debug: 0,
    });
    this.#peer = peer;
    // PeerJS's own listener goes behind our checks.
    const { socket } = peer as unknown as { readonly socket: FrameSource };
    const [forward] = socket.listeners('message');
    socket.removeAllListeners('message');
    socket.on('message', (frame) => {
      if (this.#isClosed) return;
      this.#heartbeat.heard();
      if (isRoomFrame(frame)) {
        if (isServerFrame(frame)) this.#handleFrame(frame);
      } else if (isPeerFrame(frame) && isExpected(frame, this.#links, this.#isOpen))
        forward?.call(socket, frame);
    });
    peer.on('open', () => {
      this.rejoin();
    });
    peer.on('disconnected', () => {
      this.#lost(false);
    });
    // A Peer that never opened is destroyed by errors such as ID-TAKEN, without `disconnected`.
    peer.on('close', () => {
      this.#lost(false);
    });
    // Errors of single connections end here too; each link watches its own connection.
    peer.on('error', () => undefined);
    peer.on('call', (media) => {
      this.#emit('call', incoming(media, this.#links, peer.options));
    });
  }

  #handleFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ROOM-WELCOME':
        clearTimeout(this.#connectTimer);
        this.#attempt = this.#retryAfter = this.#quickTries = 0;
        this.#isOpen = true;
        this.#isWaiting = false;
        this.#heartbeat.start();
        this.#emit('frame', frame);
        this.#settle();
        return;
      case 'ROOM-WAITING':
        clearTimeout(this.#connectTimer);
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
        this.#retryAfter = Math.min(frame.retryAfter, 60_000);
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
    if (this.#isClosed || this.#retryTimer !== undefined) return;
    clearTimeout(this.#connectTimer);
    this.#heartbeat.stop();
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#asked.fail('server-unreachable');
    // Set before `disconnect()`, which calls back into here.
    const delay =
      isOurChoice && wasOpen
        ? 0
        : this.#quickTries-- > 0
          ? QUICK_DELAY
          : this.#retryAfter + reconnectDelay(this.#attempt);
    this.#attempt++;
    this.#retryTimer = setTimeout(() => {
      this.#retryNow();
    }, delay);
    this.#peer?.disconnect();
    if (this.#opening && !this.#isWaiting) {
      this.#settle(new CallError('server-unreachable', formatServerAddress(this.#address)));
    } else if (wasOpen) this.#emit('lost', {});
  }

  #retryNow(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    if (!this.#isClosed) void this.#connect();
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
    const socket = this.#peer?.socket as unknown as FrameSource | undefined;
    if (!socket) return false;
    socket.send(frame);
    return true;
  }
}
