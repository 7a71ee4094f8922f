import { css, html, LitElement, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import type { LevelOf } from './options.ts';
import { data } from './data.ts';
import { define } from './define.ts';

/** @summary How loud a voice is at the moment. Measures only while it can be seen. */
export class CallMeter extends LitElement {
  static override styles = css`
    :host {
      display: block;
      height: 6px;
      border-radius: 3px;
      overflow: hidden;
      background: var(--_raised);
    }
    i {
      display: block;
      height: 100%;
      border-radius: inherit;
      background: var(--_accent);
      transform: scaleX(0);
      transform-origin: 0 0;
    }
    :host(:dir(rtl)) i {
      transform-origin: 100% 0;
    }
  `;

  @data level: LevelOf = () => 0;
  @data participantId = '';
  @query('i') private readonly _bar!: HTMLElement | null;
  #observer: IntersectionObserver | undefined;
  #frame = 0;
  #shown = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => {
      cancelAnimationFrame(this.#frame);
      if (entries.at(-1)?.isIntersecting) this.#measure();
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  protected override render(): TemplateResult {
    return html`<i></i>`;
  }

  // Up at once, down slowly: steady to look at.
  #measure(): void {
    const level = Math.max(0, Math.min(this.level(this.participantId), 1));
    this.#shown = Math.max(level, this.#shown * 0.9);
    const bar = this._bar;
    if (bar) bar.style.transform = `scaleX(${this.#shown.toFixed(3)})`;
    this.#frame = requestAnimationFrame(() => this.#measure());
  }
}
define('video-call-meter', CallMeter);
