import type { ChannelMessage } from '../protocol/channel.ts';
import { SOURCES, type Signal, type Source } from '../protocol/signal.ts';
import type { Dial } from '../signaling/signaling.ts';
import { tuneSpeech, type Speech } from '../signaling/speech.ts';
import { Channel } from './channel.ts';
import { LinkTracks, type LocalTracks, type RemoteTracks } from './link-tracks.ts';
import { Negotiation, type Route } from './negotiation.ts';
import type { PictureSender, ViewOf } from './picture-sender.ts';

export interface ConnectionHost {
  readonly isAnswering: boolean;
  /** What is sent now; read again when PeerJS's exchange is over. */
  readonly tracks: LocalTracks;
  /** Whether sound or pictures of the other side are taken; read again when that may have changed. */
  receives(kind: string): boolean;
  readonly viewOf: ViewOf;
  /** How sound is to be sent now. */
  speech(): Speech;
  sendSignal(signal: Signal, route: Route): boolean;
  route(isRestart: boolean): Route | undefined;
  onConnectionState(): void;
  /** Media takes another path from now on. */
  onPath(): void;
  onOpen(): void;
  onHeard(): void;
  /** Whether the other side has not said too much already. */
  listens(signal: Signal): boolean;
  onMessage(message: ChannelMessage): void;
  /** The tracks of the other side may have changed. */
  onTracks(): void;
}

/** One RTCPeerConnection with everything that lives and dies with it. */
export class LinkConnection {
  readonly link: string;
  /** The other side called. */
  readonly isAnswering: boolean;
  readonly peerConnection: RTCPeerConnection;
  readonly #dial: Dial;
  readonly #negotiation: Negotiation;
  readonly #tracks: LinkTracks;
  readonly #channel: Channel;
  readonly #host: ConnectionHost;
  /** As it was negotiated last. */
  #speech: Speech = { isRedundant: false, isSparse: false };
  #bytesReceived = 0;
  #countedAt = 0;

  constructor(dial: Dial, host: ConnectionHost) {
    this.link = dial.link;
    this.isAnswering = host.isAnswering;
    this.#dial = dial;
    this.#host = host;
    const connection = (this.peerConnection = dial.connection);
    this.#tracks = new LinkTracks(connection, (kind) => host.receives(kind), host.viewOf);
    // Between the offer and our answer, PeerJS's included: the answer then refuses what is not wanted. First of all
    // listeners of this event, since PeerJS answers as soon as they have run.
    connection.addEventListener('signalingstatechange', () => {
      if (connection.signalingState === 'have-remote-offer') this.#tracks.receive(true);
    });
    this.#channel = new Channel(connection, {
      ...host,
      onMessage: (message) => {
        if (message.kind !== 'signal') host.onMessage(message);
        else if (host.listens(message.signal)) this.handleSignal(message.signal, 'channel');
      },
    });
    this.#negotiation = new Negotiation(connection, {
      // The caller yields. Who took an offer back on a connection that it has only answered so far would see frozen
      // pictures from then on: they are decoded and not shown (Chromium 156).
      isPolite: !host.isAnswering,
      send: (signal, route) => host.sendSignal(signal, route),
      route: (isRestart) => host.route(isRestart),
      sources: () => this.#tracks.sources(),
      tune: (sdp) => {
        this.#speech = host.speech();
        return tuneSpeech(sdp, this.#speech);
      },
      onRemoteDescription: (sources) => {
        if (sources) this.#tracks.setIncoming(sources);
        else {
          // PeerJS's exchange is over: whatever it could not carry, such as a running screen share, follows now.
          for (const source of SOURCES) void this.setTrack(source, host.tracks.get(source));
          // Firefox has no such event.
          const transport = connection.sctp?.transport.iceTransport as EventTarget | undefined;
          transport?.addEventListener('selectedcandidatepairchange', () => {
            host.onPath();
          });
        }
        host.onTracks();
      },
    });
    connection.addEventListener('connectionstatechange', () => {
      host.onConnectionState();
    });
    connection.addEventListener('track', () => {
      host.onTracks();
    });
  }

  /** The first offer and answer have been exchanged. */
  get isEstablished(): boolean {
    return this.#negotiation.isArmed;
  }

  get isConnected(): boolean {
    return this.peerConnection.connectionState === 'connected';
  }

  get isDisconnected(): boolean {
    return this.peerConnection.connectionState === 'disconnected';
  }

  get hasFailed(): boolean {
    return this.peerConnection.connectionState === 'failed';
  }

  /** Not by us: then it would not be looked at any more. */
  get isClosed(): boolean {
    return this.peerConnection.connectionState === 'closed';
  }

  get isChannelOpen(): boolean {
    return this.#channel.isOpen;
  }

  handleSignal(signal: Signal, route: Route): void {
    if (signal.kind !== 'bye') this.#negotiation.handle(signal, route);
  }

  /** Sends a track. During PeerJS's exchange nothing is touched: what is sent by then is set when it is over. */
  async setTrack(source: Source, track: MediaStreamTrack | undefined): Promise<void> {
    if (!this.isEstablished) return;
    try {
      await this.#tracks.set(source, track);
    } catch {
      // The connection was closed meanwhile.
    }
  }

  receive(): void {
    if (this.isEstablished) this.#tracks.receive();
  }

  /** Sound may have to be sent differently. Said once more as long as it does not hold. */
  adaptSpeech(): void {
    const { isRedundant, isSparse } = this.#host.speech();
    if (this.#speech.isRedundant !== isRedundant || this.#speech.isSparse !== isSparse)
      this.#negotiation.renew();
  }

  refreshPictures(): void {
    for (const picture of this.pictures()) picture.refresh();
  }

  /** Once a second while it is connected. */
  beat(): void {
    this.send({ kind: 'heartbeat' });
  }

  /** The pictures that are sent at the moment. */
  pictures(): readonly PictureSender[] {
    return this.isConnected ? this.#tracks.pictures() : [];
  }

  remoteTracks(): RemoteTracks {
    return this.#tracks.remote();
  }

  audioLevel(): number {
    return this.#tracks.audioLevel();
  }

  /** Renews the path on this connection (ICE restart); an offer of ours that nobody answered is made again. */
  restart(): void {
    this.#negotiation.restart();
  }

  /** The path is well: offers that waited for a way can go. */
  resume(): void {
    this.#negotiation.resume();
  }

  send(message: ChannelMessage): boolean {
    return this.#channel.send(message);
  }

  setConfig(config: RTCConfiguration): void {
    try {
      this.peerConnection.setConfiguration(config);
    } catch {
      // Closed, or a setting that the browser cannot change any more; the next connection has it.
    }
  }

  /** Whether anything has arrived since this was last asked; if that was long ago, nobody knows when. */
  async hasReceived(): Promise<boolean> {
    let bytes = 0;
    const report = await this.peerConnection.getStats();
    report.forEach((stats: { type: string; bytesReceived?: number }) => {
      if (stats.type === 'transport') bytes += stats.bytesReceived ?? 0;
    });
    const now = performance.now();
    const hasMore = bytes > this.#bytesReceived && now - this.#countedAt < 2_500;
    this.#bytesReceived = bytes;
    this.#countedAt = now;
    return hasMore;
  }

  close(): void {
    this.#negotiation.close();
    this.#dial.close();
  }
}
