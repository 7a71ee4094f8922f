/**
 * Calls through real NATs, in network namespaces: Linux, as root. Elsewhere it says so and skips.
 *
 *   node test/network/run.mjs              everything
 *   node test/network/run.mjs faults       the files with "faults" in their name
 *   node test/network/run.mjs --long       with the tests that take minutes
 *   LAB_TRACE=1 node test/network/run.mjs  with every frame and event of each page, to look for a mistake
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { ensureBrowser, findBrowser } from '../../scripts/lib/browser.mjs';
import { NONE, inWords } from '../../scripts/lib/counts.mjs';
import { ensurePackages } from '../../scripts/lib/packages.mjs';
import { checkNode, say } from '../../scripts/lib/root.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { runFiles } from '../../scripts/lib/second-try.mjs';
import { removeLabs } from './lab/cleanup.mjs';

/** What a lab is made of: programs, and Debian's packages that bring them. */
const PROGRAMS = { ip: 'iproute2', iptables: 'iptables', turnserver: 'coturn' };

const isThere = (program) =>
  spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

function missing() {
  const programs = Object.keys(PROGRAMS).filter((program) => !isThere(program));
  return findBrowser() === undefined ? [...programs, 'a browser'] : programs;
}

function install(packages) {
  say(`Installing ${packages.join(', ')} for the network tests (apt-get) …`);
  const options = {
    stdio: ['ignore', 'ignore', 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}

/** Why the tests cannot run here; undefined when they can. */
function obstacle() {
  if (process.platform !== 'linux') return 'they need Linux';
  if (process.getuid() !== 0) return 'they need root, for network namespaces';
  if (missing().length > 0 && isThere('apt-get')) {
    const packages = missing().flatMap((program) => PROGRAMS[program] ?? []);
    if (packages.length > 0) install(packages);
    if (findBrowser() === undefined) ensureBrowser();
  }
  const still = missing();
  if (still.length > 0) return `missing: ${still.join(', ')}`;
  const probe = `vcnet-${process.pid}-0-probe`;
  const { status, stderr } = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', probe], { stdio: 'ignore' });
  return status === 0 ? undefined : `no network namespaces here (${stderr.trim()})`;
}

function finish(counts) {
  if (process.env.TEST_TOTALS) writeFileSync(process.env.TEST_TOTALS, JSON.stringify(counts));
  console.log(`\n${inWords(counts)}`);
  process.exit(counts.failed > 0 ? 1 : 0);
}

checkNode();
ensurePackages();
const why = obstacle();
if (why !== undefined) {
  say(`The network tests are skipped: ${why}.`);
  finish({ ...NONE, skipped: 1 });
}
await ensureBuilt();

const here = import.meta.dirname;
const words = process.argv.slice(2);
const filters = words.filter((word) => !word.startsWith('--'));
const files = readdirSync(here)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => words.includes('--long') || file !== 'credentials.test.ts')
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort()
  .map((file) => join(here, file));
const folder = mkdtempSync(join(tmpdir(), 'video-call-network-'));
process.on('exit', () => {
  removeLabs(`vcnet-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
});
const report = join(folder, 'counts.json');

async function runFile(file) {
  rmSync(report, { force: true });
  const { code } = await run(
    process.execPath,
    [
      ...['--import', 'tsx', '--test', '--test-concurrency=1', '--test-timeout=180000'],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      '--test-reporter=./scripts/lib/node-test-counts.mjs',
      `--test-reporter-destination=${report}`,
      file,
    ],
    // What a test that was killed leaves in its temporary folder goes with ours.
    { env: { LAB_RUN: String(process.pid), CHROME_PATH: findBrowser(), TMPDIR: folder } },
  );
  let counts = NONE;
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    say(`The network tests ended (${code}) without a result. That counts as one failure.`);
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

finish(await runFiles('Network', files, runFile));
