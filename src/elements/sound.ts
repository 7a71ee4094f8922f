import { html, LitElement, type TemplateResult } from 'lit';
import { queryAll, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Participant } from '../call/state.ts';
import { en, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { part } from './play.ts';
import { soundStyles } from './sound.styles.ts';

/** Choosing a loudspeaker is not in every browser. */
type Sink = Omit<HTMLAudioElement, 'setSinkId' | 'sinkId'> &
  Partial<Pick<HTMLAudioElement, 'setSinkId' | 'sinkId'>>;

/** It has something to play, and does not. */
const isStill = ({ paused, srcObject }: Sink): boolean => paused && srcObject !== null;

/**
 * @summary Everybody's sound, apart from the pictures: it goes on whatever is shown. Visible only when the browser
 * wants a tap before it plays anything.
 *
 * @csspart tap-to-hear - the button that starts the sound
 */
export class CallSound extends LitElement {
  static override styles = [base, soundStyles];

  @data participants: readonly Participant[] = [];
  @data strings: Strings = en;
  /** Device id of the loudspeaker; empty for the browser's default. */
  @data speaker = '';
  @state() private _isBlocked = false;
  @queryAll('audio') private readonly _sinks!: NodeListOf<Sink>;

  /**
   * The track that each sink has. Set by hand, since a binding sets objects at each render: a player that is given its stream
   * begins anew, and one that was given a stream without tracks stands still when it gets some (Chromium 156).
   */
  readonly #given = new WeakMap<Sink, MediaStreamTrack | undefined>();
  /** What each sink was asked to play on. */
  readonly #routes = new WeakMap<Sink, string>();

  override connectedCallback(): void {
    super.connectedCallback();
    // A media element that is moved in the document stops.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`${repeat(
      this.#sources(),
      ([key]) => key,
      () => html`<audio autoplay @error=${this.#restart}></audio>`,
    )}
    ${
      this._isBlocked
        ? html`<button class="primary" part="tap-to-hear" @click=${this.play}>
            ${icon('sound')}${this.strings.tapToHear}
          </button>`
        : ''
    }`;
  }

  protected override updated(): void {
    const sources = this.#sources();
    this._sinks.forEach((sink, n) => {
      const stream = this.isConnected ? part(sources[n]?.[1], 'audio') : null;
      const track = stream?.getTracks()[0];
      if (this.#given.get(sink) === track) return;
      this.#given.set(sink, track);
      sink.srcObject = track ? stream : null;
    });
    this.play();
  }

  #sources(): [key: string, stream: MediaStream][] {
    return this.participants.flatMap(({ id, stream, screenStream }) => [
      [id, stream],
      ...(screenStream ? [[`${id} screen`, screenStream] as [string, MediaStream]] : []),
    ]);
  }

  /** Plays what does not play yet; to be called from a click, too. */
  readonly play = (): void => {
    const idle: Sink[] = [];
    for (const sink of this._sinks) {
      this.#route(sink);
      if (isStill(sink)) idle.push(sink);
    }
    if (idle.length === 0) this._isBlocked = false;
    for (const sink of idle) void this.#start(sink);
  };

  // The browser's audio process has crashed, or the loudspeaker has gone.
  readonly #restart = ({ currentTarget }: Event): void => {
    const sink = currentTarget as Sink;
    const stream = sink.srcObject;
    sink.srcObject = null;
    sink.srcObject = stream;
    void this.#start(sink);
  };

  #route(sink: Sink): void {
    if ((this.#routes.get(sink) ?? '') === this.speaker) return;
    this.#routes.set(sink, this.speaker);
    // A loudspeaker that has gone: the browser's default stays.
    sink.setSinkId?.(this.speaker).catch(() => undefined);
  }

  async #start(sink: Sink): Promise<void> {
    try {
      await sink.play();
      this._isBlocked = [...this._sinks].some(isStill);
    } catch (error) {
      // Anything else (AbortError: a new stream came first) mends itself.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this._isBlocked = true;
    }
  }
}
define('video-call-sound', CallSound);
