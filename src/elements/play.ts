/** Starts a media element; silently when it cannot, since a muted picture starts by itself as soon as it may. */
export function playing(media: HTMLMediaElement | null | undefined): void {
  if (media?.srcObject) media.play().catch(() => undefined);
}
