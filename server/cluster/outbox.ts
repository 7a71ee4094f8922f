import { encode, type Message } from './messages.ts';

/** Bytes that may be on their way to Redis. Beyond that it does not take what we say, which is as good as being away. */
const WAITING = 64 * 1024 * 1024;

export interface OutboxOptions {
  readonly node: string;
  /** Resolves when Redis has it, with whether anybody heard it. */
  readonly send: (to: string, text: string) => Promise<boolean>;
  /** Something could not be sent. */
  readonly onLost: (error: unknown) => void;
  /** The other node has no connection to Redis: it was killed, or is about to come back. */
  readonly onDeaf: (to: string) => void;
}

/** Sends what is said to another node within one turn of the event loop as one message. */
export class Outbox {
  readonly #options: OutboxOptions;
  #batches = new Map<string, Message[]>();
  #waiting = 0;
  #isScheduled = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  post(to: string, message: Message): void {
    const batch = this.#batches.get(to);
    if (batch) batch.push(message);
    else this.#batches.set(to, [message]);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.flush();
    });
  }

  flush(): void {
    const { node, send, onLost, onDeaf } = this.#options;
    const batches = this.#batches;
    this.#batches = new Map();
    this.#isScheduled = false;
    for (const [to, messages] of batches) {
      const text = encode({ from: node, messages });
      if (this.#waiting + text.length > WAITING) {
        onLost(new Error('Redis takes too little'));
        continue;
      }
      this.#waiting += text.length;
      send(to, text)
        .then((isHeard) => {
          if (!isHeard) onDeaf(to);
        })
        .catch(onLost)
        .finally(() => {
          this.#waiting -= text.length;
        });
    }
  }
}
