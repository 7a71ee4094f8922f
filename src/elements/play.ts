import type { LitElement, ReactiveController } from 'lit';

const parts = new WeakMap<MediaStream, Record<'audio' | 'video', MediaStream>>();

/**
 * The tracks of one kind, in a stream that stays the same; to be asked for again when tracks may have changed. A browser
 * renders all that an element has: the sound of a muted picture, and the picture of a sound that shows none.
 */
export function part(stream: MediaStream | undefined, kind: 'audio' | 'video'): MediaStream | null {
  if (!stream) return null;
  const both = parts.get(stream) ?? { audio: new MediaStream(), video: new MediaStream() };
  parts.set(stream, both);
  const one = both[kind];
  const wanted = stream.getTracks().filter((track) => track.kind === kind);
  for (const track of one.getTracks()) if (!wanted.includes(track)) one.removeTrack(track);
  for (const track of wanted) one.addTrack(track);
  return one;
}

/**
 * Shows a stream in the `<video>` of an element, for as long as that is in the page: a player keeps its stream, and with it
 * whatever listens to its tracks, from being collected.
 */
export class Picture implements ReactiveController {
  readonly #host: LitElement;
  readonly #stream: () => MediaStream | undefined;

  constructor(host: LitElement, stream: () => MediaStream | undefined) {
    this.#host = host;
    this.#stream = stream;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const video = this.#host.renderRoot.querySelector('video');
    if (!video) return;
    const stream = this.#host.isConnected ? part(this.#stream(), 'video') : null;
    if (video.srcObject !== stream) video.srcObject = stream;
    // A media element that is moved in the document stops. One that may not play yet starts by itself as soon as it may.
    if (stream && video.paused) video.play().catch(() => undefined);
  }
}
