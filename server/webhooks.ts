import { createHmac, randomUUID } from 'node:crypto';
import { Agent as PlainAgent, request as plainRequest, type ClientRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaveReason } from '../src/protocol/room.ts';
import type { WebhookConfig } from './config-watching.ts';
import type { Timings } from './limits.ts';
import { limited, type Log } from './log.ts';

/** What the operator's own server is told. */
export type RoomEvent =
  | { readonly type: 'room-started' | 'room-ended'; readonly room: string }
  | {
      readonly type: 'member-joined';
      readonly room: string;
      readonly member: string;
      /** How many there are now. */
      readonly members: number;
    }
  | {
      readonly type: 'member-left';
      readonly room: string;
      readonly member: string;
      readonly members: number;
      readonly reason: LeaveReason;
    };

/** `refused`: the receiver said that it will not take it; `given-up`: all attempts failed; `dropped`: too many waited. */
export type WebhookResult = 'delivered' | 'refused' | 'given-up' | 'dropped';
export interface WebhookCounts {
  readonly waiting: number;
  readonly results: ReadonlyMap<WebhookResult, number>;
}

/** Deliveries that may wait in all: some megabytes. */
const MOST_WAITING = 5_000;
/** Deliveries under way at once. Those of one room are in one lane, and so keep their order. */
const LANES = 8;
const ATTEMPTS = 8;
const LONGEST_PAUSE = 30_000;

/** Tells a web address what happens in the rooms, signed as in the Standard Webhooks specification. Calls never wait for it. */
export class Webhooks implements WebhookCounts {
  readonly #config: WebhookConfig;
  readonly #timings: Pick<Timings, 'webhookTimeout' | 'webhookRetry'>;
  readonly #key: Buffer;
  readonly #complain: Log;
  readonly #lanes = Array.from({ length: LANES }, (): string[] => []);
  readonly #running = new Map<string[], Promise<void>>();
  readonly #end = new AbortController();
  readonly #agent: PlainAgent;
  readonly #requests = new Set<ClientRequest>();
  readonly results = new Map<WebhookResult, number>();
  waiting = 0;

  constructor(
    config: WebhookConfig,
    timings: Pick<Timings, 'webhookTimeout' | 'webhookRetry'>,
    log: Log,
  ) {
    this.#config = config;
    this.#timings = timings;
    this.#key = keyOf(config.secret);
    const Agent = config.url.startsWith('https:') ? SecureAgent : PlainAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: LANES });
    this.#complain = limited(log);
  }

  /** Returns at once, and never throws. */
  tell({ type, ...data }: RoomEvent): void {
    if (this.waiting >= MOST_WAITING) {
      this.#count('dropped');
      this.#complain('a webhook was dropped, because too many wait', {}, 'warn');
      return;
    }
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    const lane = this.#lanes[laneOf(data.room)] ?? [];
    lane.push(body);
    this.waiting += 1;
    if (!this.#running.has(lane)) this.#running.set(lane, this.#run(lane));
  }

  /** Gives what waits this many milliseconds more. */
  async close(within: number): Promise<void> {
    await Promise.race([
      Promise.all(this.#running.values()),
      sleep(within, undefined, { ref: false }),
    ]);
    this.#end.abort();
    for (const request of this.#requests) request.destroy();
    this.#agent.destroy();
  }

  async #run(lane: string[]): Promise<void> {
    for (;;) {
      const body = lane.shift();
      if (body === undefined || this.#end.signal.aborted) break;
      const result = await this.#deliver(body);
      this.waiting -= 1;
      this.#count(result);
    }
    this.#running.delete(lane);
  }

  async #deliver(body: string): Promise<WebhookResult> {
    // The same for all attempts, by which the receiver knows what it has had already.
    const id = `msg_${randomUUID()}`;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(id, body);
      if (isDelivered(outcome)) return 'delivered';
      this.#complain('a webhook failed', { outcome, attempt }, 'warn');
      if (isRefusal(outcome)) return 'refused';
      if (attempt >= ATTEMPTS) return 'given-up';
      const pause = Math.min(LONGEST_PAUSE, this.#timings.webhookRetry * 2 ** (attempt - 1));
      try {
        // Jitter: several servers that lost one receiver do not all come back in the same instant.
        await sleep(pause * (0.75 + Math.random() / 2), undefined, {
          ref: false,
          signal: this.#end.signal,
        });
      } catch {
        return 'given-up';
      }
    }
  }

  /** The status of the answer, or the name of what went wrong. */
  #attempt(id: string, body: string): Promise<number | string> {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', this.#key)
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64');
    return this.#post(body, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'video-call-server',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    });
  }

  /** Not `fetch`: its abort signals and streams cost the process 30 kB for each member that joins, for minutes. */
  #post(body: string, headers: Readonly<Record<string, string>>): Promise<number | string> {
    return new Promise((resolve) => {
      const { url } = this.#config;
      const isSecure = url.startsWith('https:');
      const options = { method: 'POST', headers, agent: this.#agent };
      const request = (isSecure ? secureRequest : plainRequest)(url, options, (response) => {
        // Nobody reads what it says, however long that is.
        response.resume();
        response.once('error', () => undefined);
        response.once('close', () => {
          end(response.statusCode ?? 0);
        });
      });
      const end = (outcome: number | string): void => {
        clearTimeout(timer);
        this.#requests.delete(request);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        end('TIMEOUT');
        request.destroy();
      }, this.#timings.webhookTimeout);
      this.#requests.add(request);
      request.once('error', (error: NodeJS.ErrnoException) => {
        end(error.code ?? error.name);
      });
      request.end(body);
    });
  }

  #count(result: WebhookResult): void {
    this.results.set(result, (this.results.get(result) ?? 0) + 1);
  }
}

const isDelivered = (outcome: unknown): boolean =>
  typeof outcome === 'number' && outcome >= 200 && outcome < 300;

/** A receiver that answers so would answer the same again. */
const isRefusal = (outcome: unknown): boolean =>
  typeof outcome === 'number' &&
  outcome >= 300 &&
  outcome < 500 &&
  outcome !== 408 &&
  outcome !== 429;

/** `whsec_` and base64, as receivers' libraries have it, or any other text as it is. */
function keyOf(secret: string): Buffer {
  const [, base64] = /^whsec_(.+)$/.exec(secret) ?? [];
  return base64 === undefined ? Buffer.from(secret) : Buffer.from(base64, 'base64');
}

function laneOf(room: string): number {
  let hash = 0;
  for (let at = 0; at < room.length; at++) hash = (31 * hash + room.charCodeAt(at)) >>> 0;
  return hash % LANES;
}
