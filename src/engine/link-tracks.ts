import type { Source, SourceMap } from '../protocol/signal.ts';
import { PictureSender, type PictureKind, type ViewOf } from './picture-sender.ts';

export type LocalTracks = ReadonlyMap<Source, MediaStreamTrack>;
export type RemoteTracks = ReadonlyMap<Source, MediaStreamTrack>;

const kindOf = (source: Source): 'audio' | 'video' =>
  source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video';

const isPicture = (source: Source): source is PictureKind => kindOf(source) === 'video';

/** Both sides use the same section for these. */
const SHARED: readonly Source[] = ['microphone', 'camera'];

const sends = (transceiver: RTCRtpTransceiver): boolean =>
  transceiver.direction === 'sendrecv' || transceiver.direction === 'sendonly';

/**
 * Which transceiver of one connection carries which source, in both directions. The first audio and the first video
 * section are there from the first offer on and carry microphone and camera both ways; each side adds sections of its own
 * for its screen. A section is never taken away: an unused one costs nothing, and using it again needs no negotiation.
 */
export class LinkTracks {
  readonly #connection: RTCPeerConnection;
  readonly #receives: (kind: string) => boolean;
  readonly #outgoing = new Map<Source, RTCRtpTransceiver>();
  readonly #viewOf: ViewOf;
  readonly #pictures = new Map<Source, PictureSender>();
  #incoming = new Map<string, Source>();

  /** Takes over a connection to which PeerJS has just added microphone and camera, as far as they were there. */
  constructor(connection: RTCPeerConnection, receives: (kind: string) => boolean, viewOf: ViewOf) {
    this.#connection = connection;
    this.#receives = receives;
    this.#viewOf = viewOf;
  }

  /** Sends this track for the source from now on; `undefined` stops. The browser asks for a negotiation if one is needed. */
  async set(source: Source, track: MediaStreamTrack | undefined): Promise<void> {
    let transceiver = this.#outgoing.get(source) ?? this.#primary(source);
    if (!transceiver) {
      if (!track) return;
      transceiver = this.#connection.addTransceiver(track, {
        direction: SHARED.includes(source) && this.#receives(track.kind) ? 'sendrecv' : 'sendonly',
      });
      this.#use(source, transceiver);
      return;
    }
    this.#use(source, transceiver);
    if (transceiver.sender.track === (track ?? null)) return;
    // Before the track, so that a late camera is in the negotiation which this starts.
    if (track && !sends(transceiver))
      transceiver.direction = transceiver.direction === 'recvonly' ? 'sendrecv' : 'sendonly';
    await transceiver.sender.replaceTrack(track ?? null);
  }

  /** The pictures that are sent at the moment. */
  pictures(): readonly PictureSender[] {
    return [...this.#pictures.values()].filter(({ isSending }) => isSending);
  }

  /** What goes into our next description. */
  sources(): SourceMap {
    const map: [string, Source][] = [];
    for (const [source, { mid }] of this.#outgoing) if (mid !== null) map.push([mid, source]);
    return map;
  }

  /** The other side's map, from its description. */
  setIncoming(sources: SourceMap): void {
    this.#incoming = new Map(sources);
  }

  /** The tracks that the other side may send at the moment, by source. */
  remote(): RemoteTracks {
    const tracks = new Map<Source, MediaStreamTrack>();
    for (const transceiver of this.#connection.getTransceivers()) {
      const { mid, currentDirection, receiver } = transceiver;
      // Until the other side has agreed it may still be sending.
      if (!this.#receives(receiver.track.kind)) continue;
      if (mid === null || (currentDirection !== 'sendrecv' && currentDirection !== 'recvonly'))
        continue;
      const source =
        this.#incoming.get(mid) ?? SHARED.find((one) => this.#primary(one) === transceiver);
      // A stranger's map may name an audio section as a camera; the kind is what the browser says.
      if (source && kindOf(source) === receiver.track.kind) tracks.set(source, receiver.track);
    }
    return tracks;
  }

  /** Takes what is to be taken of the other side, and no more; the browser asks for a negotiation when that is news. */
  receive(isAnswering = false): void {
    for (const transceiver of this.#connection.getTransceivers()) {
      const isWanted = this.#receives(transceiver.receiver.track.kind);
      // What is wanted is in the answer to an offer anyway.
      if (transceiver.direction === 'stopped' || (isAnswering && isWanted)) continue;
      const isSending = sends(transceiver);
      const direction = isWanted
        ? isSending
          ? 'sendrecv'
          : 'recvonly'
        : isSending
          ? 'sendonly'
          : 'inactive';
      if (transceiver.direction !== direction) transceiver.direction = direction;
    }
  }

  /** Loudness of the other side's microphone, 0 to 1, as its packets say (RFC 6464). */
  audioLevel(): number {
    const [latest] = this.#primary('microphone')?.receiver.getSynchronizationSources() ?? [];
    return latest?.audioLevel ?? 0;
  }

  #use(source: Source, transceiver: RTCRtpTransceiver): void {
    this.#outgoing.set(source, transceiver);
    if (isPicture(source) && !this.#pictures.has(source))
      this.#pictures.set(source, new PictureSender(source, transceiver.sender, this.#viewOf));
  }

  #primary(source: Source): RTCRtpTransceiver | undefined {
    if (!SHARED.includes(source)) return undefined;
    const kind = kindOf(source);
    return this.#connection.getTransceivers().find(
      (transceiver) =>
        transceiver.receiver.track.kind === kind &&
        // A screen may be there before the first camera where no pictures were taken at first.
        (this.#incoming.get(transceiver.mid ?? '') ?? source) === source &&
        this.#outgoing.get(kind === 'video' ? 'screen' : 'screen-audio') !== transceiver,
    );
  }
}
