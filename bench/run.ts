import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAttack } from './attack.ts';
import { measureCodecs } from './codecs.ts';
import { measureCrowd } from './crowd.ts';
import { measureJoin } from './join.ts';
import { measureLeaks } from './leaks.ts';
import { waitForIdle } from './lib/idle.ts';
import { load, machine } from './lib/machine.ts';
import { measureLong } from './long.ts';
import { measureMesh } from './mesh.ts';
import { measureNetwork } from './network.ts';
import { measureServer } from './server.ts';
import { measureSize } from './size.ts';
import { measureWishes } from './wishes.ts';

export interface Options {
  /** Joins of each kind, cycles of joining and leaving, or people. */
  readonly runs: number | undefined;
  readonly isQuick: boolean;
  /** Of network: the faults with this in their name; of mesh: the sides. */
  readonly only: string | undefined;
  /** Of mesh: how many in a call. */
  readonly people: readonly number[] | undefined;
  /** Of mesh: seconds that a call is given before it is measured. */
  readonly settle: number | undefined;
  /** Of long. */
  readonly minutes: number | undefined;
  /** Into RESULTS.md, and the pictures beside it. */
  readonly writes: boolean;
}

/** Each measurement answers with what it has seen, as Markdown. */
const BENCHES: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  size: measureSize,
  join: measureJoin,
  leaks: measureLeaks,
  crowd: measureCrowd,
  server: measureServer,
  network: measureNetwork,
  mesh: measureMesh,
  wishes: measureWishes,
  codecs: measureCodecs,
  long: measureLong,
  attack: measureAttack,
};
/** Those whose figures a busy machine spoils. */
const TIMED = new Set(['join', 'server', 'network', 'mesh', 'wishes', 'codecs', 'attack']);

const HELP = `npm run bench -- [${Object.keys(BENCHES).join('] [')}] [options]; without a name, all of them

  --quick         few runs: to see that it works, not to claim anything
  --runs <n>      so many joins of each kind, cycles, people, servers, faults of each kind, or seconds of attack
  --only <word>   network: the faults with this in their name, "loss" and "uplink" among them; mesh: the sides
  --people <n,…>  mesh: calls of so many; default 2,3,4,6,8,12
  --settle <n>    mesh: seconds before each measurement; default 60
  --minutes <n>   long: how long the call is; default 30
  --load <n>      wait until the machine's load (/proc/loadavg) is below this; default 3
  --wait <n>      but no longer than so many minutes; default 10
  --write         put what was seen into bench/RESULTS.md
`;

const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const BEGIN = (name: string): string => `<!-- ${name}: written by "npm run bench -- --write" -->`;
const END = (name: string): string => `<!-- end of ${name} -->`;

/** Replaces one section of RESULTS.md; everything else in it is written by people. */
function write(name: string, text: string): void {
  const results = readFileSync(RESULTS, 'utf8');
  const start = results.indexOf(BEGIN(name));
  const end = results.indexOf(END(name));
  if (start < 0 || end < start) throw new Error(`RESULTS.md has no section "${name}".`);
  const before = results.slice(0, start + BEGIN(name).length);
  writeFileSync(RESULTS, `${before}\n\n${text}\n\n${results.slice(end)}`);
}

/** Runs the benches that are asked for; answers with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string' },
      people: { type: 'string' },
      settle: { type: 'string' },
      minutes: { type: 'string' },
      load: { type: 'string', default: '3' },
      wait: { type: 'string', default: '10' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    console.error(`There is no bench "${unknown.join(' ')}".\n\n${HELP}`);
    return 2;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const number = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : Number(value);
  const options: Options = {
    runs: number(values.runs),
    isQuick: values.quick,
    only: values.only,
    people: values.people?.split(',').map(Number),
    settle: number(values.settle),
    minutes: number(values.minutes),
    writes: values.write,
  };
  for (const name of names) {
    const bench = BENCHES[name]!;
    const isIdle = await waitForIdle(Number(values.load), TIMED.has(name) ? values.wait : '0');
    const before = load();
    const text = await bench(options);
    const loads = `Load before ${before}, after ${load()}${
      TIMED.has(name) && !isIdle ? ' (**busy**: these times say little)' : ''
    }.`;
    const whole = `${machine()}\n${loads}\n\n${text}`;
    console.log(`\n## ${name}\n\n${whole}\n`);
    if (values.write) write(name, whole);
  }
  return 0;
}
