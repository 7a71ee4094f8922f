import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether anybody can see the host: it is in the viewport, or near it, and its document is not hidden. */
export class VisibilityController implements ReactiveController {
  isVisible = true;
  readonly #host: ReactiveControllerHost & Element;
  /** Of the window that the host is in now: it may be moved to another one (Document Picture-in-Picture). */
  #document: Document | undefined;
  #observer: IntersectionObserver | undefined;
  #isInView = true;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#document = this.#host.ownerDocument;
    this.#document.addEventListener('visibilitychange', this.#update);
    // Somewhat ahead, so that pictures are there when they are scrolled to.
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#isInView = entries.at(-1)?.isIntersecting ?? true;
        this.#update();
      },
      { rootMargin: '100px' },
    );
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#document?.removeEventListener('visibilitychange', this.#update);
    this.#observer?.disconnect();
  }

  readonly #update = (): void => {
    const isVisible = this.#isInView && this.#document?.visibilityState !== 'hidden';
    if (isVisible === this.isVisible) return;
    this.isVisible = isVisible;
    this.#host.requestUpdate();
  };
}
