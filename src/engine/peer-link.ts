import type { ChannelMessage, ViewMessage } from '../protocol/channel.ts';
import type { Signal, Source } from '../protocol/signal.ts';
import type { CallMedia, Dial, IncomingCall, Signaling } from '../signaling/signaling.ts';
import type { Speech } from '../signaling/speech.ts';
import type { LinkState } from './engine.ts';
import { LinkConnection } from './link-connection.ts';
import { LinkHealth } from './link-health.ts';
import type { LocalTracks } from './link-tracks.ts';
import type { Route } from './negotiation.ts';

/** A path that carries nothing for so long is broken: heartbeats come every second. */
const SILENT_AFTER = 3_000;
/** Silence for so long, and the other side will lack pictures. */
const BREAK = 2_000;
/** Silence of the channel for so long, and the bytes are looked at. */
const LOOK_AFTER = 1_100;

export interface LinkHost {
  readonly signaling: Signaling;
  /** Whether sound or pictures of this participant are taken. */
  receives(id: string, kind: string): boolean;
  /** Whether the participant has not said too much already. */
  listens(id: string, signal: Signal): boolean;
  speech(id: string): Speech;
  config(): RTCConfiguration;
  tracks(): LocalTracks;
  /** The server says that the participant's socket is open, and ours is too. */
  canReach(id: string): boolean;
  onState(id: string, state: LinkState): void;
  onOpen(id: string): void;
  onMessage(id: string, message: ChannelMessage): void;
  onTrack(id: string, source: Source, track: MediaStreamTrack | undefined): void;
}

/**
 * The media path to one participant, for as long as both are in the room: makes the connection, watches it, renews the
 * path when it breaks, and makes a new connection when that does not help.
 */
export class PeerLink {
  readonly id: string;
  /** How the participant shows our pictures, once it has said so. */
  view: ViewMessage | undefined;
  readonly #host: LinkHost;
  /** Yields when both sides act at once. */
  readonly #isPolite: boolean;
  #connection: LinkConnection | undefined;
  readonly #health: LinkHealth;
  #madeAt = 0;
  #heardAt = 0;
  #refreshedAt = 0;
  #remote = new Map<Source, MediaStreamTrack>();

  constructor(id: string, host: LinkHost) {
    this.id = id;
    this.#host = host;
    this.#isPolite = host.signaling.selfId < id;
    this.#health = new LinkHealth(this.#isPolite, (state) => {
      host.onState(id, state);
    });
  }

  get state(): LinkState {
    return this.#health.state;
  }

  get connection(): LinkConnection | undefined {
    return this.#connection;
  }

  /** Calls the participant, if the server is there. */
  dial(): void {
    const dial = this.#host.signaling.call(this.id, this.#media());
    this.#health.dialed();
    if (dial) this.#use(dial);
  }

  /** Takes a call of the participant, unless ours to it goes first. */
  accept(call: IncomingCall): void {
    const isGlare = this.#connection?.isEstablished === false && !this.#connection.isAnswering;
    if (isGlare && !this.#isPolite) {
      call.refuse();
      return;
    }
    this.#drop();
    const dial = call.answer(this.#media());
    if (dial) this.#use(dial, true);
  }

  handleSignal(link: string, signal: Signal, route: Route): void {
    if (this.#connection?.link !== link) {
      // The other side still holds a connection that is gone here: it should make a new one.
      if (signal.kind === 'description' && signal.type === 'offer')
        this.#host.signaling.signal(this.id, link, { kind: 'bye' });
      return;
    }
    if (signal.kind === 'bye') {
      this.#drop();
      this.#health.abandoned();
      // Whoever says BYE waits for our call.
      if (this.#health.mayDial(performance.now()) && this.#host.canReach(this.id)) this.dial();
    } else this.#connection.handleSignal(signal, route);
  }

  /** The server could not deliver the first offer. */
  handleUndelivered(link: string): void {
    if (this.#connection?.link === link && !this.#connection.isEstablished) this.#drop();
  }

  setTrack(source: Source, track: MediaStreamTrack | undefined): void {
    void this.#connection?.setTrack(source, track);
  }

  /** What is taken of the participant may be something else now. */
  receive(): void {
    const connection = this.#connection;
    connection?.receive();
    if (connection) this.#showTracks(connection.remoteTracks());
  }

  send(message: ChannelMessage): boolean {
    return this.#connection?.send(message) ?? false;
  }

  setConfig(config: RTCConfiguration): void {
    this.#connection?.setConfig(config);
  }

  /** The path may have changed, or the way to the other side is open again: renew the path now. */
  refresh(): void {
    if (!this.#connection) this.#health.hurry();
    else if (this.#connection.isEstablished) {
      this.#health.restarted(performance.now());
      this.#connection.restart();
    }
  }

  /** Once a second, or `late`: the time in which this machine slept, or was far too busy, is nobody's silence. */
  tick(now: number, late: number): void {
    this.#heardAt = Math.min(now, this.#heardAt + late);
    this.#madeAt += late;
    const connection = this.#connection;
    if (!connection) {
      if (this.#health.mayDial(now) && this.#host.canReach(this.id)) this.dial();
    } else if (connection.isClosed) this.#renew();
    else if (!connection.isEstablished) {
      // Nothing is to be heard on it yet.
      this.#heardAt = now;
      if (now - this.#madeAt > this.#health.answerWithin) this.#renew();
    } else if (connection.isConnected) {
      connection.beat();
      if (now - this.#heardAt < SILENT_AFTER) {
        this.#health.well();
        connection.resume();
      } else this.#heal(connection, now);
      // Two looks at least before the silence counts.
      if (now - this.#heardAt > LOOK_AFTER) void this.#lookForBytes(connection);
    } else if (connection.hasFailed || now - this.#heardAt > SILENT_AFTER)
      this.#heal(connection, now);
    this.#health.tick(now);
  }

  close(): void {
    this.#drop();
  }

  #media(): CallMedia {
    const tracks = this.#host.tracks();
    return {
      tracks: (['microphone', 'camera'] as const).flatMap((source) => tracks.get(source) ?? []),
      config: this.#host.config(),
      receivesAudio: this.#host.receives(this.id, 'audio'),
      receivesVideo: this.#host.receives(this.id, 'video'),
    };
  }

  #use(dial: Dial, isAnswering = false): void {
    const connection: LinkConnection = new LinkConnection(dial, {
      isAnswering,
      tracks: this.#host.tracks(),
      receives: (kind) => this.#host.receives(this.id, kind),
      viewOf: (kind) => this.view?.[kind],
      speech: () => this.#host.speech(this.id),
      sendSignal: (signal, route) =>
        route === 'server'
          ? this.#host.signaling.signal(this.id, dial.link, signal)
          : connection.send({ kind: 'signal', signal }),
      route: (isRestart) => this.#route(connection, isRestart),
      onConnectionState: () => {
        if (this.#connection === connection) this.#handleConnectionState(connection);
      },
      onPath: () => {
        this.#refreshPictures(connection);
      },
      onOpen: () => {
        this.#hear(connection);
        this.#host.onOpen(this.id);
      },
      onHeard: () => {
        this.#hear(connection);
      },
      listens: (signal) => this.#host.listens(this.id, signal),
      onMessage: (message) => this.#host.onMessage(this.id, message),
      onTracks: () => {
        if (this.#connection === connection) this.#showTracks(connection.remoteTracks());
      },
    });
    this.#connection = connection;
    this.#madeAt = this.#heardAt = performance.now();
    this.#health.renewed();
  }

  /**
   * A path that is alive carries its own negotiations; a restart goes by the server as long as that is there. The channel of
   * a broken path would hold an offer back, and deliver it when it is wrong.
   */
  #route(connection: LinkConnection, isRestart: boolean): Route | undefined {
    const isAlive = performance.now() - this.#heardAt < SILENT_AFTER - 500;
    const byChannel = connection.isChannelOpen && isAlive ? 'channel' : undefined;
    const byServer = this.#host.canReach(this.id) ? 'server' : undefined;
    return isRestart ? (byServer ?? byChannel) : (byChannel ?? byServer);
  }

  #handleConnectionState(connection: LinkConnection): void {
    if (connection.isConnected) {
      this.#hear(connection);
      this.#health.well();
    } else if (connection.hasFailed) this.#heal(connection, performance.now());
    // Firefox says so at once when its network is another one, and has no other word for it: the socket is dead as well.
    else if (connection.isDisconnected) this.#host.signaling.probe(false);
  }

  #heal(connection: LinkConnection, now: number): void {
    const step = this.#health.heal(now, this.#host.canReach(this.id));
    if (step === 'restart') connection.restart();
    else if (step === 'renew') this.#renew();
  }

  /** Gives this connection up, tells the other side, and calls again when it is time. */
  #renew(): void {
    const link = this.#connection?.link;
    this.#drop();
    this.#health.gaveUp();
    if (link !== undefined) this.#host.signaling.signal(this.id, link, { kind: 'bye' });
  }

  /** Media may flow while the other page's scripts are frozen; then the path is well. */
  async #lookForBytes(connection: LinkConnection): Promise<void> {
    if (await connection.hasReceived()) this.#hear(connection);
  }

  #hear(connection: LinkConnection): void {
    this.#refreshPictures(connection);
    this.#heardAt = performance.now();
  }

  /** The other side lacks what was lost in a break, and would ask for a whole picture only after some seconds. */
  #refreshPictures(connection: LinkConnection): void {
    const now = performance.now();
    // Once: whole pictures are large, and a path that is just back takes little.
    if (now - Math.max(this.#heardAt, this.#refreshedAt) < BREAK) return;
    this.#refreshedAt = now;
    connection.refreshPictures();
  }

  #showTracks(tracks: ReadonlyMap<Source, MediaStreamTrack>): void {
    const before = this.#remote;
    this.#remote = new Map(tracks);
    for (const source of before.keys())
      if (!tracks.has(source)) this.#host.onTrack(this.id, source, undefined);
    for (const [source, track] of tracks)
      if (before.get(source) !== track) this.#host.onTrack(this.id, source, track);
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}
