import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isId } from '../../src/protocol/guards.ts';

/** Milliseconds after which a node that says nothing is taken for dead. */
export const LEASE = 3_000;
/** A day: what a service leaves in Redis when all of its nodes were killed. Owners claim their rooms again each hour. */
const ROOM_TTL = 24 * 3_600_000;
const SUBSCRIBE_AGAIN = 200;
const LEAVE_WITHIN = 1_000;
const PREFIX = 'video-call:';
const ALL = `${PREFIX}all`;

/** The owner of a room: who has it, if that node lives, else who asks. Its last use counts for how long Redis keeps it. */
const CLAIM = `
local owner = redis.call('get', KEYS[1])
if owner and owner ~= ARGV[1] and redis.call('exists', ARGV[2] .. owner) == 1 then return owner end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[3])
return ARGV[1]`;
/** Only what is still ours: somebody else may have taken it meanwhile. */
const RELEASE = `
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`;

export interface RedisOptions {
  readonly url: string;
  readonly node: string;
  readonly onText: (text: string) => void;
  /** Messages may have been lost. */
  readonly onBroken: (error: unknown) => void;
}

/** The part of the library's client that is used. */
interface Client {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channels: string[], listener: (text: string) => void): Promise<void>;
  sendCommand(words: readonly string[]): Promise<unknown>;
}

/** The two connections to Redis, and what we ask of it. Everything rejects at once while Redis is away. */
export class Redis {
  readonly #options: RedisOptions;
  #commands: Client | undefined;
  #subscriber: Client | undefined;
  #isClosed = false;
  /** Since when the oldest beat waits for its answer. */
  #askedAt: number | undefined;

  constructor(options: RedisOptions) {
    this.#options = options;
  }

  /** Connects, and does so again whenever a connection is lost, until `stop()`. */
  async start(): Promise<void> {
    const { url, onBroken } = this.#options;
    // Loaded only by those who have several nodes.
    const { createClient } = await import('@redis/client');
    const make = (socketTimeout?: number): Client => {
      const client = createClient({
        url,
        RESP: 2,
        // What could not be said at once would come too late: who waits for it has another way by then.
        disableOfflineQueue: true,
        socket: {
          connectTimeout: 2_000,
          reconnectStrategy: () => 200 + Math.random() * 300,
          ...(socketTimeout !== undefined && { socketTimeout }),
        },
      });
      client.on('error', onBroken);
      return client;
    };
    this.#commands = make();
    // Our own beats come on it, so silence means that the network swallows them; TCP would tell after a quarter of an hour.
    const subscriber = make(2 * LEASE);
    this.#subscriber = subscriber;
    void this.#commands.connect().catch(onBroken);
    void this.#subscribe(subscriber);
  }

  /** Renews the lease of this node. False when it had run out, or is the first: others may have taken our rooms. */
  async beat(): Promise<boolean> {
    const now = performance.now();
    if (this.#askedAt !== undefined) {
      if (now - this.#askedAt > LEASE) this.#replaceCommands();
      throw new Error('Redis has not answered yet');
    }
    this.#askedAt = now;
    try {
      const key = nodeKey(this.#options.node);
      return (await this.#ask(['SET', key, '1', 'PX', String(LEASE), 'GET'])) !== null;
    } finally {
      this.#askedAt = undefined;
    }
  }

  /** Whether anyone has heard it. */
  async send(node: string, text: string): Promise<boolean> {
    return (await this.#ask(['PUBLISH', channelOf(node), text])) !== 0;
  }

  async sendAll(text: string): Promise<void> {
    await this.#ask(['PUBLISH', ALL, text]);
  }

  /** The node that has this room, which is this one if nobody who lives has it. */
  async claim(room: string): Promise<string> {
    const owner = await this.#ask([
      ...['EVAL', CLAIM, '1', roomKey(room)],
      ...[this.#options.node, nodeKey(''), String(ROOM_TTL)],
    ]);
    if (!isId(owner)) throw new Error('Redis answered with no node');
    return owner;
  }

  async release(room: string): Promise<void> {
    await this.#ask(['EVAL', RELEASE, '1', roomKey(room), this.#options.node]);
  }

  /** Those of the nodes whose lease has run out. */
  async dead(nodes: readonly string[]): Promise<readonly string[]> {
    if (nodes.length === 0) return [];
    const leases = await this.#ask(['MGET', ...nodes.map(nodeKey)]);
    return Array.isArray(leases) ? nodes.filter((_, at) => leases[at] === null) : [];
  }

  /** Ends the lease, and tells all others so. */
  async leave(text: string): Promise<void> {
    const ask = (words: readonly string[]): Promise<unknown> =>
      this.#ask(words).catch(() => undefined);
    const isSaid = Promise.all([
      ask(['DEL', nodeKey(this.#options.node)]),
      ask(['PUBLISH', ALL, text]),
    ]);
    // A Redis that does not answer keeps nobody from stopping.
    await Promise.race([isSaid, sleep(LEAVE_WITHIN)]);
  }

  close(): void {
    this.#isClosed = true;
    for (const client of [this.#commands, this.#subscriber])
      if (client?.isOpen === true) client.destroy();
  }

  async #subscribe(subscriber: Client): Promise<void> {
    const { node, onText, onBroken } = this.#options;
    // Once either has been done, the library does it again by itself.
    while (!this.#isClosed)
      try {
        if (!subscriber.isOpen) await subscriber.connect();
        await subscriber.subscribe([channelOf(node), ALL], onText);
        return;
      } catch (error) {
        onBroken(error);
        await sleep(SUBSCRIBE_AGAIN);
      }
  }

  async #ask(words: readonly string[]): Promise<unknown> {
    if (this.#commands?.isReady !== true) throw new Error('Redis is away');
    return this.#commands.sendCommand(words);
  }

  /** A connection that looks open and answers nothing. */
  #replaceCommands(): void {
    this.#askedAt = undefined;
    this.#commands?.destroy();
    void this.#commands?.connect().catch(this.#options.onBroken);
  }
}

const channelOf = (node: string): string => `${PREFIX}to:${node}`;
const nodeKey = (node: string): string => `${PREFIX}node:${node}`;
/** Names of rooms are what lets people in, so Redis does not have them as they are. */
const roomKey = (room: string): string =>
  `${PREFIX}room:${createHash('sha256').update(room).digest('hex')}`;
