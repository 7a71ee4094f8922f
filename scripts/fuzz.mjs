/**
 * "npm run fuzz": attacks the server with a million hostile frames, and prints what that did. "npm run fuzz -- 5000000" takes
 * more; FUZZ_SEED=… repeats a run.
 */
import { spawnSync } from 'node:child_process';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT, checkNode } from './lib/root.mjs';

checkNode();
ensurePackages();
const frames = process.argv[2] ?? '1000000';
const args = ['--import', 'tsx', '--test', '--test-reporter=spec', 'test/server/fuzz.test.ts'];
const { status } = spawnSync(process.execPath, args, {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, FUZZ_FRAMES: frames },
});
process.exit(status ?? 1);
