/** "npm run bench": installs and builds what is missing, then measures. With --help: what there is. */
import { build } from '../scripts/build.mjs';
import { ensureBrowser } from '../scripts/lib/browser.mjs';
import { staleBuilds } from '../scripts/lib/builds.mjs';
import { ensurePackages } from '../scripts/lib/packages.mjs';
import { checkNode } from '../scripts/lib/root.mjs';

checkNode();
ensurePackages();
ensureBrowser();
await build(staleBuilds());

const { register } = await import('tsx/esm/api');
register();
const { run } = await import('./run.ts');
process.exit(await run(process.argv.slice(2)));
