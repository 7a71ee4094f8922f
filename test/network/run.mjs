/**
 * Calls through real NATs, in network namespaces: Linux, as root. Elsewhere it says so and skips.
 *
 *   node test/network/run.mjs              everything
 *   node test/network/run.mjs faults       the files with "faults" in their name
 *   node test/network/run.mjs --long       with the tests that take minutes
 *   LAB_TRACE=1 node test/network/run.mjs  with every frame and event of each page, to look for a mistake
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { findBrowser } from '../../scripts/lib/browser.mjs';
import { NONE, inWords } from '../../scripts/lib/counts.mjs';
import { ensurePackages } from '../../scripts/lib/packages.mjs';
import { checkNode, say } from '../../scripts/lib/root.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { runFiles } from '../../scripts/lib/second-try.mjs';
import { removeLabs } from './lab/cleanup.mjs';
import { ensureFirefox, obstacle } from './lab/obstacle.mjs';

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
if (files.some((file) => file.includes('firefox'))) ensureFirefox();
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

finish(await runFiles('Network', files, 1, runFile));
