/** What .ci/run does: every check and every test, with the true counts at the end. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NONE, add, inWords } from './lib/counts.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT, checkNode, say } from './lib/root.mjs';
import { run } from './lib/run.mjs';

checkNode();
ensurePackages();

const node = process.execPath;
const tsc = ['node_modules/typescript/bin/tsc', '-p'];
const prettier = ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'];

/** One check each: it passes, or its output is shown. */
const CHECKS = [
  ['types of the element and the demo', [...tsc, 'tsconfig.json']],
  ['types of the protocol alone', [...tsc, 'tsconfig.protocol.json']],
  ['types of the server', [...tsc, 'tsconfig.server.json']],
  ['types of the tests', [...tsc, 'tsconfig.test.json']],
  ['types of the tools', [...tsc, 'tsconfig.tools.json']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']],
  ['format (npm run format)', prettier],
  ['build', ['scripts/build.mjs']],
  ['size of a first call', ['scripts/size.mjs'], { isShown: true }],
];

async function check(name, args, { isShown = false } = {}) {
  const start = Date.now();
  const { code, output } = await run(node, args, { quiet: true });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  say(`${code === 0 ? 'passed' : 'FAILED'}: ${name} (${seconds} s)`);
  if (code !== 0 || isShown) process.stdout.write(`${output.trimEnd()}\n`);
  return code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
}

/** Runs a program that leaves its counts in the file named by $TEST_TOTALS. */
async function counted(name, args, folder) {
  const file = join(folder, 'totals.json');
  rmSync(file, { force: true });
  const { code } = await run(node, args, { env: { TEST_TOTALS: file }, patience: 10 });
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    say(`${name} ended (${code}) without a result. That counts as one failure.`);
    return { ...NONE, failed: 1 };
  }
}

let total = NONE;
const folder = mkdtempSync(join(tmpdir(), 'video-call-ci-'));
try {
  for (const [name, args, options] of CHECKS) total = add(total, await check(name, args, options));
  total = add(total, await counted('npm test', ['scripts/test.mjs'], folder));

  // Calls through real NATs need network namespaces: Linux, as root.
  const network = 'test/network/run.mjs';
  if (existsSync(join(ROOT, network)) && process.platform === 'linux' && process.getuid?.() === 0)
    total = add(total, await counted(network, [network], folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${inWords(total)}`);
process.exit(total.failed > 0 ? 1 : 0);
