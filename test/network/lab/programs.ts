import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'selfsigned';
import { PORT, SERVER, TURN } from './internet.ts';

const main = fileURLToPath(new URL('../../../build/server/main.js', import.meta.url));

const SECRET = 'a-secret-of-the-lab';
export const TURN_URLS = {
  udp: `turn:${TURN}:3478?transport=udp`,
  tcp: `turn:${TURN}:3478?transport=tcp`,
  tls: `turns:${TURN}:443?transport=tcp`,
} as const;
/** Our server then gives everyone credentials for coturn. */
export const TURN_FLAGS = [
  ...Object.values(TURN_URLS).flatMap((url) => ['--turn-url', url]),
  ...['--turn-secret', SECRET],
];

/** A program in a namespace; it is ready when it has written a certain line. */
export class Program {
  readonly #namespace: string;
  readonly #command: readonly string[];
  readonly #readyLine: RegExp;
  #process: ChildProcess | undefined;

  constructor(namespace: string, command: readonly string[], readyLine: RegExp) {
    this.#namespace = namespace;
    this.#command = command;
    this.#readyLine = readyLine;
  }

  get isUp(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  async up(): Promise<void> {
    if (this.isUp) return;
    const child = spawn('ip', ['netns', 'exec', this.#namespace, ...this.#command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        output = (output + String(chunk)).slice(-1_500);
        if (this.#readyLine.test(output)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => {
        reject(new Error(`${this.#command.join(' ')} ended:\n${output}`));
      });
      setTimeout(() => {
        reject(new Error(`${this.#command.join(' ')} does not start:\n${output}`));
      }, 15_000).unref();
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async down(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.isUp) return;
    const exit = once(this.#process!, 'exit');
    this.signal(signal);
    await exit;
  }
}

/** Our real server, on 203.0.113.10. */
export class CallServer extends Program {
  static readonly url = `http://${SERVER}:${String(PORT)}/`;

  constructor(namespace: string, flags: readonly string[] = []) {
    const address = ['--host', SERVER, '--port', String(PORT), '--log-format', 'text'];
    super(namespace, [process.execPath, main, ...address, ...flags], /Stop with/);
  }
}

const PRIVATE = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '255.255.255.255'],
  [SERVER, SERVER],
] as const;

/** coturn on 203.0.113.20: 3478 over UDP and TCP, 443 over TLS; credentials expire, private networks are out of its reach. */
export class TurnServer extends Program {
  readonly #folder: string;

  private constructor(namespace: string, folder: string) {
    super(
      namespace,
      ['turnserver', '-c', join(folder, 'turnserver.conf')],
      /Total General servers/,
    );
    this.#folder = folder;
  }

  static async make(namespace: string): Promise<TurnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'video-call-turn-'));
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'turn.lab' }]);
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const lines = [
      `listening-ip=${TURN}`,
      `relay-ip=${TURN}`,
      'listening-port=3478',
      'tls-listening-port=443',
      'min-port=49160',
      'max-port=49400',
      'fingerprint',
      'use-auth-secret',
      `static-auth-secret=${SECRET}`,
      'realm=lab',
      `cert=${join(folder, 'cert.pem')}`,
      `pkey=${join(folder, 'key.pem')}`,
      'no-cli',
      'no-multicast-peers',
      'stale-nonce=600',
      'user-quota=50',
      'no-tlsv1',
      'no-tlsv1_1',
      'simple-log',
      'log-file=stdout',
      'verbose',
      `pidfile=${join(folder, 'turn.pid')}`,
      `userdb=${join(folder, 'turndb')}`,
      ...PRIVATE.map(([first, last]) => `denied-peer-ip=${first}-${last}`),
    ];
    writeFileSync(join(folder, 'turnserver.conf'), `${lines.join('\n')}\n`);
    return new TurnServer(namespace, folder);
  }

  /** For somebody who may use it for an hour. */
  static credentials(...urls: readonly string[]): RTCIceServer {
    const expiry = Math.floor(Date.now() / 1_000) + 3_600;
    const username = `${String(expiry)}:caller-${String(++TurnServer.#callers)}`;
    const credential = createHmac('sha1', SECRET).update(username).digest('base64');
    return { urls: [...urls], username, credential };
  }

  /** The same as an `ice-servers` attribute. */
  static attribute(...urls: readonly string[]): string {
    return `ice-servers='${JSON.stringify([TurnServer.credentials(...urls)])}'`;
  }

  static #callers = 0;

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
