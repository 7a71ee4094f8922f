import { rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUILDS, fingerprint, noteBuild, staleToRun } from './lib/builds.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT, checkNode, say } from './lib/root.mjs';

const remove = (path) => rmSync(join(ROOT, path), { recursive: true, force: true });

async function vite(folder) {
  const { build } = await import('vite');
  const root = join(ROOT, folder);
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

/** Types are checked by "npm run types"; here they are only taken off, or written down. */
function compile(project) {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', project, '--noCheck'];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${project} could not be compiled: see the lines above.`);
}

/** Each build by name, in the order in which they can be made. */
const MAKERS = {
  async element() {
    await vite('.');
  },
  async demo() {
    remove('dist/demo');
    await vite('demo');
  },
  server() {
    remove('build/server');
    remove('build/src');
    compile('tsconfig.server.build.json');
  },
  types() {
    remove('build/types');
    compile('tsconfig.types.build.json');
  },
};

/** Makes the named builds; the element's empties dist/, so the demo's follows it. */
export async function build(names) {
  const wanted = new Set(names);
  if (wanted.has('element')) wanted.add('demo');
  const todo = BUILDS.filter((name) => wanted.has(name));
  if (todo.length === 0) return;
  const start = Date.now();
  say(`Building ${todo.join(', ')} …`);
  for (const name of todo) {
    const print = fingerprint(name);
    await MAKERS[name]();
    noteBuild(name, print);
  }
  say(`Built in ${((Date.now() - start) / 1000).toFixed(1)} s.`);
}

/** Makes what is missing or older than its sources. */
export async function ensureBuilt() {
  await build(staleToRun());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode();
  ensurePackages();
  try {
    await build(BUILDS);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
