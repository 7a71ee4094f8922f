import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { withPatience } from '../helpers.ts';

export interface Besieged {
  readonly port: number;
  /** Of members whom nothing of it may reach, and their room. */
  readonly ids: readonly string[];
  readonly room: string;
  /** A second, all attackers together. */
  readonly rates: { readonly frames: number; readonly connections: number; readonly joins: number };
}
export interface SiegeReport {
  readonly seconds: number;
  readonly frames: number;
  readonly connections: number;
  readonly joins: number;
  /** Sockets by the code with which the server closed them, or the status with which it refused them. */
  readonly closed: Record<string, number>;
  /** Frames that came from the attacked room. */
  readonly delivered: string[];
}

/** An attack that goes on until it is ended. */
export class Siege {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async begin(besieged: Besieged): Promise<Siege> {
    const script = fileURLToPath(new URL('siege-process.ts', import.meta.url));
    const child = fork(script, [JSON.stringify(besieged)], { execArgv: ['--import', 'tsx'] });
    await withPatience(once(child, 'message'), 'the attackers');
    return new Siege(child);
  }

  async end(): Promise<SiegeReport> {
    const told = withPatience(once(this.#process, 'message'), 'the attackers to end');
    this.#process.send('end');
    const [report] = (await told) as [SiegeReport];
    this.kill();
    return report;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

export function inWords({ seconds, frames, connections, joins, closed }: SiegeReport): string {
  const perSecond = (count: number): string => (count / seconds).toFixed(0);
  const codes = Object.entries(closed).map(([how, count]) => `${how}: ${String(count)}`);
  return `a second: ${perSecond(frames)} hostile frames, ${perSecond(connections)} connections, ${perSecond(joins)} joins; closed with ${codes.join(', ')}`;
}
