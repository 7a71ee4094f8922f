import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { request } from '../call/requests.ts';
import type { Participant, ParticipantStats } from '../call/state.ts';
import { en, nameOf, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { wordsOf, type StatsWords } from './stats.words.ts';

/** Milliseconds from one look at the numbers to the next. */
const EVERY = 1_000;

/** What has changed from one look to the next, a second. */
interface Rates {
  /** Bits a second. */
  readonly received: number;
  readonly sent: number;
  /** Pictures a second. */
  readonly frames: number;
  /** Share of the packets, 0 to 1. */
  readonly lost: number;
}

interface Look {
  /** Milliseconds of the page's clock. */
  readonly time: number;
  readonly stats: readonly ParticipantStats[];
  readonly rates: ReadonlyMap<string, Rates>;
}

/**
 * @summary Numbers about the connections, for the curious and for reports of problems.
 */
export class CallStats extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      section {
        display: grid;
        gap: 4px;
        padding: 10px 12px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius-small);
      }
      h3 {
        font-size: 0.875em;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 12px;
        margin: 0;
        font-size: 0.8125em;
      }
      dt {
        color: var(--_muted);
      }
      dd {
        margin: 0;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      textarea {
        font:
          0.75em ui-monospace,
          monospace;
        resize: vertical;
      }
    `,
  ];

  @data participants: readonly Participant[] = [];
  @data strings: Strings = en;
  @state() private _look: Look | undefined;
  @state() private _copied: boolean | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ask();
    this.#timer = setInterval(() => {
      this.#ask();
    }, EVERY);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render(): TemplateResult {
    const { strings } = this;
    const words = wordsOf(strings.lang);
    const stats = this._look?.stats ?? [];
    return html`${
        stats.length === 0
          ? html`<p class="hint">${words.nobody}</p>`
          : stats.map((one) => this.#renderOne(one, words))
      }
      <button @click=${this.#copy}>${this._copied === true ? words.copied : words.copy}</button>
      ${
        // Not every frame may write to the clipboard: then it can be taken from here.
        this._copied === false
          ? html`<textarea
              rows="6"
              readonly
              aria-label=${words.copy}
              .value=${this.#report()}
            ></textarea>`
          : nothing
      }`;
  }

  #renderOne(stats: ParticipantStats, words: StatsWords): TemplateResult {
    const person = this.participants.find(({ id }) => id === stats.id);
    const rates = this._look?.rates.get(stats.id);
    const rows: [string, string][] = [[words.path, this.#path(stats, words)]];
    if (stats.roundTripTime !== undefined)
      rows.push([words.roundTrip, `${(stats.roundTripTime * 1_000).toFixed(0)} ms`]);
    rows.push([words.jitter, `${(stats.jitter * 1_000).toFixed(0)} ms`]);
    if (rates)
      rows.push(
        [words.lost, `${(rates.lost * 100).toFixed(1)} %`],
        [words.received, `${(rates.received / 1_000).toFixed(0)} kbit/s`],
        [words.sent, `${(rates.sent / 1_000).toFixed(0)} kbit/s`],
        [words.frames, rates.frames.toFixed(0)],
      );
    rows.push([words.freezes, String(stats.freezeCount)]);
    if (person) rows.push([words.quality, `${String(person.quality)} / 5`]);
    return html`<section>
      <h3><bdi>${nameOf(this.strings, person)}</bdi></h3>
      <dl>
        ${rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </section>`;
  }

  #path(
    { localCandidateType: local, remoteCandidateType: remote, protocol }: ParticipantStats,
    words: StatsWords,
  ): string {
    if (local === '') return words.none;
    const kind =
      local === 'relay' || remote === 'relay'
        ? words.relay
        : local === 'host' && remote === 'host'
          ? words.direct
          : words.nat;
    return `${kind} (${local} – ${remote}, ${protocol})`;
  }

  #ask(): void {
    request(this, 'stats', {
      answer: (stats) => {
        const before = this._look;
        const time = performance.now();
        this._look = { time, stats, rates: before ? rates(before, stats, time) : new Map() };
      },
    });
  }

  /** Without names: it will be sent to somebody who was not there. */
  #report(): string {
    const { stats = [], rates } = this._look ?? {};
    const people = stats.map((one) => {
      const person = this.participants.find(({ id }) => id === one.id);
      const { connection, quality } = person ?? {};
      return { ...one, connection, quality, rates: rates?.get(one.id) };
    });
    const report = { time: new Date().toISOString(), browser: navigator.userAgent, people };
    return JSON.stringify(report, null, 2);
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.#report());
      this._copied = true;
    } catch {
      this._copied = false;
    }
  };
}

function rates(
  before: Look,
  stats: readonly ParticipantStats[],
  time: number,
): ReadonlyMap<string, Rates> {
  const seconds = Math.max(0.1, (time - before.time) / 1_000);
  return new Map(
    stats.flatMap((now) => {
      const then = before.stats.find(({ id }) => id === now.id);
      // A new connection counts from zero.
      if (!then || now.bytesReceived < then.bytesReceived) return [];
      const lost = Math.max(0, now.packetsLost - then.packetsLost);
      const packets = lost + now.packetsReceived - then.packetsReceived;
      return [
        [
          now.id,
          {
            received: ((now.bytesReceived - then.bytesReceived) * 8) / seconds,
            sent: ((now.bytesSent - then.bytesSent) * 8) / seconds,
            frames: (now.framesDecoded - then.framesDecoded) / seconds,
            lost: packets > 0 ? lost / packets : 0,
          },
        ] as const,
      ];
    }),
  );
}

define('video-call-stats', CallStats);

declare global {
  interface HTMLElementTagNameMap {
    'video-call-stats': CallStats;
  }
}
