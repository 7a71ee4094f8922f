/**
 * "npm test": installs and builds what is missing, finds a browser, runs every test and ends with the true counts.
 *
 *   npm test                      everything
 *   npm test -- components e2e    these suites only: components, server, e2e
 *   npm test -- e2e chat          of these, the files with "chat" in their path
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { ensureBrowser } from './lib/browser.mjs';
import { build } from './build.mjs';
import { staleBuilds } from './lib/builds.mjs';
import { NONE, add, inWords } from './lib/counts.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { ensurePrograms } from './lib/programs.mjs';
import { ROOT, checkNode, endWithNpm, giveUp, say } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { runFiles } from './lib/second-try.mjs';

const COMPONENTS =
  /^test\/(elements|layout|protocol|controllers|media|call|engine|signaling|i18n)\//;
const node = ['--import', 'tsx', '--test'];

/** How each kind of test is run: which files, and the arguments for Node. */
const SUITES = {
  components: {
    title: 'Components and logic, in a page',
    files: (file) => COMPONENTS.test(file),
    command: (files, counts) => ({
      args: ['node_modules/@web/test-runner/dist/bin.js'],
      env: { TEST_FILES: files.join('\n'), TEST_COUNTS: counts },
    }),
  },
  server: {
    title: 'Server',
    // They wait more than they work: for grace periods, expiry, a server that starts.
    filesAtOnce: 3,
    files: (file) => file.startsWith('test/server/'),
    command: (files, counts) => ({ args: [...node, ...reporters(counts), ...files] }),
  },
  e2e: {
    title: 'Whole calls, in browsers',
    filesAtOnce: 1,
    files: (file) => file.startsWith('test/e2e/'),
    command: (files, counts) => ({
      args: [...node, '--test-concurrency=1', ...reporters(counts), ...files],
    }),
  },
};

const reporters = (counts) => [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=./scripts/lib/node-test-counts.mjs',
  `--test-reporter-destination=${counts}`,
];

function testFiles() {
  const folder = join(ROOT, 'test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((file) => `test/${String(file).split(sep).join('/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

async function runSuite(name, filters, folder) {
  const { title, files, filesAtOnce } = SUITES[name];
  const chosen = testFiles()
    .filter(files)
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (chosen.length === 0) {
    say(`${title}: no tests${filters.length > 0 ? ' of that name' : ' yet'}.`);
    return NONE;
  }
  say(`${title}: ${chosen.length} file${chosen.length === 1 ? '' : 's'} …`);
  if (!filesAtOnce) return runOnce(name, chosen, folder);
  return runFiles(title, chosen, filesAtOnce, (file) =>
    runOnce(name, [file], folder, filesAtOnce > 1),
  );
}

/** With others beside it, what it says is shown when it has ended. */
async function runOnce(name, chosen, folder, isBeside = false) {
  const { title, command } = SUITES[name];
  const report = join(mkdtempSync(join(folder, 'run-')), 'counts.json');
  const { args, env } = command(chosen, report);
  const { code, stuck, output } = await run(process.execPath, args, { env, quiet: isBeside });
  if (isBeside) process.stdout.write(output);
  if (stuck) say(`${title}: stopped, because nothing had been heard of it for too long.`);
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    say(`${title}: the runner ended (${code}) without a result. That counts as one failure.`);
    return { ...NONE, failed: 1 };
  }
  // A runner that fails without a failed test has crashed, or found an error outside of the tests.
  if (code !== 0 && counts.failed === 0) {
    say(
      `${title}: every test passed, but the runner ended with ${code}. That counts as one failure.`,
    );
    return { ...counts, failed: 1 };
  }
  return counts;
}

checkNode();
endWithNpm();
ensurePackages();
process.env.CHROME_PATH = ensureBrowser();
try {
  await build(staleBuilds());
} catch (error) {
  giveUp(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
}

const words = process.argv.slice(2);
const asked = Object.keys(SUITES).filter((name) => words.includes(name));
const filters = words.filter((word) => !Object.hasOwn(SUITES, word));
const folder = mkdtempSync(join(tmpdir(), 'video-call-test-'));
let total = NONE;
const suites = asked.length > 0 ? asked : Object.keys(SUITES);
if (suites.some((name) => name !== 'components')) ensurePrograms();
try {
  for (const name of suites) total = add(total, await runSuite(name, filters, folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (filters.length > 0 && total.passed + total.failed + total.skipped === 0) {
  say(`No test has "${filters.join('" or "')}" in its path.`);
  total = { ...NONE, failed: 1 };
}
if (process.env.TEST_TOTALS) writeFileSync(process.env.TEST_TOTALS, JSON.stringify(total));
console.log(`\n${inWords(total)}`);
process.exit(total.failed > 0 ? 1 : 0);
