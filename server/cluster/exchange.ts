import { limited, type Log } from '../log.ts';
import { decode, encode, type Message, type ToGateway, type ToOwner } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Pulse } from './pulse.ts';
import { Redis } from './redis.ts';

export interface ExchangeOptions {
  readonly url: string;
  readonly node: string;
  readonly log: Log;
  /** The nodes whose end concerns this one; itself does not count. */
  readonly others: () => Iterable<string>;
  readonly onMessage: (from: string, message: ToOwner | ToGateway) => void;
  readonly onDead: (node: string) => void;
  /** Messages from and to this node, undefined: any, may have been lost, but get through again. */
  readonly onGap: (node: string | undefined) => void;
}

/** How messages get to other nodes and back, which is over Redis, and whether they do. */
export class Exchange {
  readonly redis: Redis;
  sent = 0;
  received = 0;
  readonly #options: ExchangeOptions;
  readonly #pulse: Pulse;
  readonly #outbox: Outbox;
  readonly #complain: Log;
  /** Nodes that do not hear what is said to them, and are not known to be dead. */
  readonly #deaf = new Set<string>();

  /** Messages may be lost from now on. */
  readonly broken = (error: unknown): void => {
    this.#pulse.broken(error);
  };

  constructor(options: ExchangeOptions) {
    const { url, node, log } = options;
    this.#options = options;
    this.#complain = limited(log);
    const redis = new Redis({
      url,
      node,
      onText: (text) => {
        this.#receive(text);
      },
      onBroken: this.broken,
    });
    this.redis = redis;
    this.#outbox = new Outbox({
      node,
      send: (to, text) => redis.send(to, text),
      onLost: this.broken,
      onDeaf: (to) => {
        this.#deaf.add(to);
      },
    });
    this.#pulse = new Pulse({
      redis,
      log,
      sendBeat: async () => {
        await redis.send(node, this.#say('beat'));
      },
      others: () => {
        const nodes = new Set(options.others());
        nodes.delete(node);
        return [...nodes];
      },
      onDead: (other) => {
        this.#died(other);
      },
      onGap: () => {
        redis.sendAll(this.#say('gap')).catch(this.broken);
        options.onGap(undefined);
      },
    });
  }

  get isUp(): boolean {
    return this.#pulse.isUp;
  }

  /** Whether Redis is likely to know all who live, and what is theirs. */
  get isSettled(): boolean {
    return this.#pulse.isSettled;
  }

  /** Whether messages get to this node and back. */
  hears(node: string): boolean {
    return node === this.#options.node || (this.isUp && !this.#deaf.has(node));
  }

  /** Does not wait for Redis, which may come later. */
  async start(): Promise<void> {
    await this.redis.start();
    this.#pulse.start();
  }

  post(to: string, message: ToOwner | ToGateway): void {
    if (to === this.#options.node) {
      this.#options.onMessage(to, message);
      return;
    }
    this.sent += 1;
    if (this.isUp) this.#outbox.post(to, message);
    else this.broken(undefined);
  }

  /** Sends what waits, and says nothing by itself any more. */
  silence(): void {
    this.#pulse.stop();
    this.#outbox.flush();
  }

  /** Tells all others that this node ends. */
  async leave(): Promise<void> {
    await this.redis.leave(this.#say('bye'));
  }

  close(): void {
    this.redis.close();
  }

  #say(what: 'beat' | 'gap' | 'bye'): string {
    return encode({ from: this.#options.node, messages: [[what]] });
  }

  #receive(text: string): void {
    const batch = decode(text);
    if (!batch) {
      this.#complain('a message of another node is not understood', {}, 'warn');
      return;
    }
    this.#deaf.delete(batch.from);
    for (const message of batch.messages)
      try {
        this.#handle(batch.from, message);
      } catch (error) {
        const text = 'a message of another node could not be handled';
        this.#complain(text, { error: String(error) }, 'error');
      }
  }

  #handle(from: string, message: Message): void {
    const isOwn = from === this.#options.node;
    if (!isOwn) this.received += 1;
    switch (message[0]) {
      case 'beat':
        if (isOwn) this.#pulse.heard();
        return;
      case 'gap':
        if (!isOwn) this.#options.onGap(from);
        return;
      case 'bye':
        if (!isOwn) this.#died(from);
        return;
      default:
        this.#options.onMessage(from, message);
    }
  }

  #died(node: string): void {
    this.#deaf.delete(node);
    this.#options.onDead(node);
  }
}
