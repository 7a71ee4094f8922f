/** Starts a media element; silently when it cannot, since a muted picture starts by itself as soon as it may. */
export function playing(media: HTMLMediaElement | null | undefined): void {
  if (media?.srcObject) media.play().catch(() => undefined);
}

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
