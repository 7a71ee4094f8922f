import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket, type ClientOptions } from 'ws';
import type { Listening } from '../../server/app.ts';
import type { ServerConfig } from '../../server/config.ts';
import type { ServerLimits, Timings } from '../../server/limits.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.ts';

const TSX = ['--import', 'tsx'];
/** How long a test waits for something before it fails. Never how long it takes. */
const PATIENCE = 30_000;
/** A server of the command line that has not ended by then is left over from a test that failed. */
const LONGEST_RUN = 120_000;

export interface StartOptions {
  readonly config?: Partial<ServerConfig>;
  readonly limits?: Partial<ServerLimits>;
  readonly timings?: Partial<Timings>;
  readonly dist?: string;
}
/** Base URL with the prefix. */
interface Address {
  readonly url: string;
}
export interface TestServer extends Listening, Address {
  readonly process: ChildProcess;
  readonly path: string;
  readonly isSecure: boolean;
  /** Bytes of heap in use after a collection. Also sees to it that nobody has changed what all objects inherit. */
  heap(): Promise<number>;
  /** Ends it gracefully; resolves when the process has gone. */
  stop(): Promise<number | null>;
  kill(): void;
}

/** Starts a server on free ports of 127.0.0.1, without STUN unless asked for. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const { config = {}, ...app } = options;
  const child = fork(
    fileURLToPath(new URL('server-process.ts', import.meta.url)),
    [JSON.stringify({ config, app })],
    { execArgv: TSX, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const started = withPatience(once(child, 'message'), 'the server').catch((error: unknown) => {
    // It would keep this process, and so the failed test, from ending.
    child.kill('SIGKILL');
    throw error;
  });
  const [listening] = (await started) as [Listening];
  // A test that fails before it stops its server still ends, and the server with it.
  child.unref();
  child.channel?.unref();
  const isSecure = config.tls !== undefined;
  const path = config.path ?? '/';
  return {
    ...listening,
    process: child,
    isSecure,
    path,
    url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${listening.port}${path}`,
    async heap() {
      child.send('memory');
      const answered = withPatience(once(child, 'message'), 'the memory of the server');
      const [answer] = (await answered) as [{ heap: number; inherited: string[] }];
      if (answer.inherited.length > 0) throw new Error(`polluted: ${answer.inherited.join()}`);
      return answer.heap;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.send('stop');
      const [code] = (await withPatience(exited, 'the end of the server')) as [number | null];
      return code;
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface RunningMain {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly done: Promise<Run>;
}

/** Runs server/main.ts with these flags, and nothing of this environment that would configure it. */
export function runMain(args: readonly string[], env: Record<string, string> = {}): RunningMain {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
  const child = spawn(process.execPath, [...TSX, main, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_FORMAT: 'text', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const leftOver = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN);
  const done = once(child, 'close').then(([code]) => {
    clearTimeout(leftOver);
    return { code: code as number | null, stdout, stderr };
  });
  return { process: child, stdout: () => stdout, done };
}

/** Resolves when the server says that it runs, with the port it took. */
export async function mainIsUp(main: RunningMain): Promise<number> {
  await until(() => main.stdout().includes('Stop with'), 'the server to run');
  return Number(/Open\s+https?:\/\/\S+?:(\d+)\//.exec(main.stdout())?.[1]);
}

export type Frame = Readonly<Record<string, unknown>>;

/** An id or a token that nobody else has. */
export const newId = (): string => randomUUID();

export interface ClientIdentity {
  readonly id?: string;
  readonly token?: string;
  /** What a balancer goes by. */
  readonly shard?: number;
  readonly options?: ClientOptions;
}

/** A WebSocket that speaks PeerServer's protocol by hand. */
export class Client {
  readonly id: string;
  readonly token: string;
  readonly socket: WebSocket;
  /** Frames that no test has taken yet. */
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting = new Set<() => void>();
  #n = 0;

  private constructor(server: Address, identity: ClientIdentity) {
    this.id = identity.id ?? newId();
    this.token = identity.token ?? newId();
    const url = `${server.url.replace('http', 'ws')}peerjs?key=peerjs&id=${this.id}&token=${this.token}&version=1.5.5${identity.shard === undefined ? '' : `&shard=${identity.shard}`}`;
    this.socket = new WebSocket(url, { rejectUnauthorized: false, ...identity.options });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Opens a socket without waiting for anything. */
  static open(server: Address, identity: ClientIdentity = {}): Client {
    return new Client(server, identity);
  }

  /** Resolves after OPEN. */
  static async connect(server: Address, identity: ClientIdentity = {}): Promise<Client> {
    const client = new Client(server, identity);
    await client.take('OPEN');
    return client;
  }

  /** Resolves after the WELCOME. */
  static async member(
    server: Address,
    room: string,
    identity: ClientIdentity = {},
    fields: Frame = {},
  ): Promise<Client> {
    const client = await Client.connect(server, identity);
    await client.join(room, fields);
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  ask(room: string, fields: Frame = {}): void {
    this.send({ type: 'ROOM-JOIN', version: PROTOCOL_VERSION, room, ...fields });
  }

  async join(room: string, fields: Frame = {}): Promise<Frame> {
    this.ask(room, fields);
    return this.take('ROOM-WELCOME');
  }

  /** Resolves with the code of the refusal. */
  async refused(room: string, fields: Frame = {}): Promise<unknown> {
    this.ask(room, fields);
    return (await this.take('ROOM-ERROR'))['code'];
  }

  /** Asks for something as a moderator; resolves with what the server says: `undefined` when it is done. */
  async moderate(action: string, fields: Frame = {}): Promise<unknown> {
    this.send({ type: 'ROOM-MODERATE', action, ...fields });
    return (await this.take('ROOM-RESULT'))['code'];
  }

  /** The first frame of this type (and with these fields) that no one has taken, now or when it comes. */
  async take(type: string, fields: Frame = {}): Promise<Frame> {
    const matches = (frame: Frame): boolean =>
      frame['type'] === type &&
      Object.entries(fields).every(([key, value]) => frame[key] === value);
    const wait = async (): Promise<Frame> => {
      for (;;) {
        const index = this.frames.findIndex(matches);
        const [frame] = index < 0 ? [] : this.frames.splice(index, 1);
        if (frame) return frame;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    };
    return withPatience(wait(), `${type} ${JSON.stringify(fields)}`);
  }

  /**
   * Resolves when the server has handled everything that this client has sent so far and everything that the server had
   * sent to it has arrived: frames are answered in order.
   */
  async settled(): Promise<void> {
    const n = ++this.#n;
    this.send({ type: 'ROOM-PING', n });
    await this.take('ROOM-PONG', { n });
  }

  /** Frames that have come and were not taken. */
  types(): string[] {
    return this.frames.map((frame) => String(frame['type']));
  }

  /** Ends the connection as a crash would. */
  async crash(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}

/** A call's first description, as PeerJS sends it. */
export function offer(dst: string, changes: Frame = {}, type: 'OFFER' | 'ANSWER' = 'OFFER'): Frame {
  const sdp = { type: type.toLowerCase(), sdp: 'v=0\r\n' };
  return { type, dst, payload: { sdp, type: 'media', connectionId: newId(), ...changes } };
}

/** Polls, for what tells nobody when it happens. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  every = 10,
): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

export async function withPatience<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Waited in vain for ${what}`));
    }, PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Health {
  readonly status: string;
  readonly rooms: number;
  readonly members: number;
  readonly uptime: number;
}
/** @param origin Of the page that asks, for a server that lets only some. */
export async function health(server: TestServer, origin?: string): Promise<Health> {
  const headers: HeadersInit = origin === undefined ? {} : { origin };
  return (await (await fetch(`${server.url}healthz`, { headers })).json()) as Health;
}
