import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './helpers.ts';

/** Why tests with Redis cannot run here; false when they can. */
export const noRedis: string | false =
  spawnSync('redis-server', ['--version']).error === undefined
    ? false
    : 'redis-server is not installed (Debian: apt-get install redis-server)';

const PASSWORD = 'test-password';

/** A redis-server on a free port of 127.0.0.1, with a password, that can be killed and started again. */
export class TestRedis {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.#port = port;
    this.#folder = folder;
    this.url = `redis://:${PASSWORD}@127.0.0.1:${port}/3`;
  }

  static async start(): Promise<TestRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const redis = new TestRedis(port, await mkdtemp(join(tmpdir(), 'video-call-redis-')));
    process.once('exit', () => redis.#child?.kill('SIGKILL'));
    await redis.up();
    return redis;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, with what it had written. */
  async up(): Promise<void> {
    const settings = {
      port: this.#port,
      bind: '127.0.0.1',
      dir: this.#folder,
      requirepass: PASSWORD,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    child.unref();
    this.#child = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error('redis-server ended');
      return (await this.ask('PING').catch(() => '')).startsWith('+PONG');
    }, 'Redis');
  }

  /** Kills it. */
  async down({ data }: { data: 'kept' | 'lost' }): Promise<void> {
    const child = this.#child!;
    child.ref();
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    if (data === 'lost')
      await rm(join(this.#folder, 'appendonlydir'), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.down({ data: 'kept' });
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The raw answer to a command. */
  async ask(...words: readonly string[]): Promise<string> {
    const socket = connect(this.#port, '127.0.0.1');
    const line = (list: readonly string[]): string =>
      `*${list.length}\r\n${list.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
    try {
      await once(socket, 'connect');
      socket.write(line(['AUTH', PASSWORD]));
      await once(socket, 'data');
      socket.write(line(['SELECT', '3']));
      await once(socket, 'data');
      socket.write(line(words));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    } finally {
      socket.destroy();
    }
  }
}

/** A node's own way to a Redis, which can be cut for a while. */
export class RedisLine {
  readonly url: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #isCut = false;

  private constructor(url: string, server: Server, port: number) {
    this.url = url;
    this.#server = server;
    server.on('connection', (socket) => {
      if (this.#isCut) {
        socket.destroy();
        return;
      }
      const redis = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [socket, redis],
        [redis, socket],
      ] as const) {
        this.#open.add(one);
        one.pipe(other);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async to(redis: TestRedis): Promise<RedisLine> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(redis.url);
    const port = Number(url.port);
    url.port = String((server.address() as AddressInfo).port);
    return new RedisLine(url.href, server, port);
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
