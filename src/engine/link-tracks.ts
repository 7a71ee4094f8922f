import type { Source, SourceMap } from '../protocol/signal.ts';
import { SendQuality, type SentPicture } from './send-quality.ts';

export type LocalTracks = ReadonlyMap<Source, MediaStreamTrack>;
export type RemoteTracks = ReadonlyMap<Source, MediaStreamTrack>;

interface KeyFrameSender {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>;
}

const kindOf = (source: Source): 'audio' | 'video' =>
  source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video';

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
  readonly #quality = new SendQuality();
  #incoming = new Map<string, Source>();

  /** Takes over a connection to which PeerJS has just added microphone and camera, as far as they were there. */
  constructor(connection: RTCPeerConnection, receives: (kind: string) => boolean) {
    this.#connection = connection;
    this.#receives = receives;
  }

  /** Sends this track for the source from now on; `undefined` stops. The browser asks for a negotiation if one is needed. */
  async set(source: Source, track: MediaStreamTrack | undefined): Promise<void> {
    let transceiver = this.#outgoing.get(source) ?? this.#primary(source);
    if (!transceiver) {
      if (!track) return;
      transceiver = this.#connection.addTransceiver(track, { direction: 'sendonly' });
      this.#outgoing.set(source, transceiver);
      return;
    }
    this.#outgoing.set(source, transceiver);
    if (transceiver.sender.track === (track ?? null)) return;
    // Before the track, so that a late camera is in the negotiation which this starts.
    if (track && !sends(transceiver))
      transceiver.direction = transceiver.direction === 'recvonly' ? 'sendrecv' : 'sendonly';
    await transceiver.sender.replaceTrack(track ?? null);
  }

  /** Sends whole pictures now (webrtc-extensions, section 9: `keyFrame`; browsers without it send them when asked). */
  async refreshPictures(): Promise<void> {
    for (const { sender } of this.#connection.getTransceivers()) {
      if (sender.track?.kind !== 'video') continue;
      const parameters = sender.getParameters();
      const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }));
      try {
        await (sender as KeyFrameSender).setParameters(parameters, { encodingOptions });
      } catch {
        // Closed, or the parameters are being changed by somebody else.
      }
    }
  }

  /** Sends the camera as large as the path can carry it. Once a second. */
  async fitPicture(): Promise<void> {
    const sender = this.#outgoing.get('camera')?.sender;
    if (!sender?.track) return;
    const sent: SentPicture = {};
    (await sender.getStats()).forEach((entry: { type: string }) => {
      if (entry.type === 'outbound-rtp' || entry.type === 'media-source')
        Object.assign(sent, entry);
    });
    if (!this.#quality.update(sent)) return;
    // A change of what is preferred takes the browser's own reduction back (Chromium 156).
    for (const degradationPreference of ['maintain-resolution', 'maintain-framerate'] as const) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings)
        encoding.scaleResolutionDownBy = this.#quality.scale;
      await sender.setParameters({ ...parameters, degradationPreference });
    }
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
      const source = this.#incoming.get(mid) ?? this.#defaultSource(transceiver);
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

  #primary(source: Source): RTCRtpTransceiver | undefined {
    if (source !== 'microphone' && source !== 'camera') return undefined;
    const kind = kindOf(source);
    return this.#connection
      .getTransceivers()
      .find((transceiver) => transceiver.receiver.track.kind === kind);
  }

  #defaultSource(transceiver: RTCRtpTransceiver): Source | undefined {
    if (transceiver === this.#primary('microphone')) return 'microphone';
    return transceiver === this.#primary('camera') ? 'camera' : undefined;
  }
}
