/** "npm run size": the bytes of a first call, per script, against the budget. */
import { build } from './build.mjs';
import { staleBuilds } from './lib/builds.mjs';
import { BUDGET, firstCall } from './lib/first-call.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { checkNode } from './lib/root.mjs';

const number = (value, width = 9) => value.toLocaleString('en-US').padStart(width);
const line = ({ file, bytes, brotli }) =>
  console.log(`${number(brotli)}${number(bytes, 10)}  ${file}`);

checkNode();
ensurePackages();
await build(staleBuilds().filter((name) => name === 'element'));

const scripts = firstCall();
const total = scripts.filter((s) => s.isFirst).reduce((sum, { brotli }) => sum + brotli, 0);
console.log('   brotli     bytes  loaded by a first call');
scripts.filter((s) => s.isFirst).forEach(line);
console.log('                     loaded later, not counted');
scripts.filter((s) => !s.isFirst).forEach(line);
console.log(
  `\nA first call loads ${number(total, 0)} of ${number(BUDGET, 0)} bytes (brotli)` +
    (total > BUDGET ? `: ${number(total - BUDGET, 0)} too many.` : '.'),
);
process.exit(total > BUDGET ? 1 : 0);
