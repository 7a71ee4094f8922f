import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../build/server/main.js', import.meta.url));

/** The real server in a process of its own, so that it can be killed. */
export class TestServer {
  readonly port: number;
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, flags: readonly string[]) {
    this.port = port;
    this.#flags = flags;
  }

  /** Starts a server on a free port; without STUN unless the flags say otherwise. */
  static async start(...flags: string[]): Promise<TestServer> {
    const server = new TestServer(await freePort(), flags);
    await server.up();
    return server;
  }

  get url(): string {
    return `http://localhost:${String(this.port)}/`;
  }

  /** Starts it, on the same port as before. */
  async up(): Promise<void> {
    const flags = ['--port', String(this.port), '--host', '127.0.0.1', '--stun-port', 'off'];
    const child = spawn(process.execPath, [main, ...flags, ...this.#flags], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#process = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null)
        throw new Error(`The server ended with ${String(child.exitCode)}.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it: `SIGKILL` as a crash, `SIGTERM` as an operator would, `SIGSTOP` and `SIGCONT` for a black hole. */
  async down(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async #answers(): Promise<boolean> {
    try {
      // Under a prefix it says 404, which is an answer as well.
      await fetch(`${this.url}healthz`);
      return true;
    } catch {
      return false;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
