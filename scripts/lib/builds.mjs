import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * What is built from what. A build is up to date when its sources' contents are those it was made from (not their times,
 * which a checkout changes) and its outputs are there.
 */
const TARGETS = {
  element: {
    sources: [
      'src',
      'vite.config.ts',
      'scripts/lib/lean-peerjs.mjs',
      'scripts/lib/lean-decorators.mjs',
      'scripts/lib/chunks.mjs',
      'scripts/lib/minify.mjs',
    ],
    outputs: ['dist/video-call.js', 'build/chunks.json'],
  },
  demo: { sources: ['demo'], outputs: ['dist/index.html'] },
  server: {
    sources: ['server', 'src/protocol', 'src/server-side.ts', 'tsconfig.server.build.json'],
    outputs: ['build/server/main.js', 'build/src/server-side.js'],
  },
  types: {
    sources: ['src', 'tsconfig.types.build.json'],
    outputs: ['build/types/index.d.ts'],
  },
};
const COMMON = ['package-lock.json', 'tsconfig.base.json', 'scripts/build.mjs'];
const STAMP = join(ROOT, 'build/stamp.json');

function* filesUnder(path) {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) return;
  if (!statSync(absolute).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(absolute).sort()) yield* filesUnder(`${path}/${name}`);
}

function fingerprint(name) {
  const hash = createHash('sha256');
  for (const source of [...COMMON, ...TARGETS[name].sources])
    for (const file of filesUnder(source))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(ROOT, file)))
        .update('\0');
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** The names of the builds that are missing or older than their sources. */
export function staleBuilds() {
  const stamp = readStamp();
  return Object.keys(TARGETS).filter(
    (name) =>
      !TARGETS[name].outputs.every((output) => existsSync(join(ROOT, output))) ||
      stamp[name] !== fingerprint(name),
  );
}

/** The same of all that runs: the types are read only where the package is installed. */
export const staleToRun = () => staleBuilds().filter((name) => name !== 'types');

/** Notes that a build was made. Take the fingerprint before building: sources may change meanwhile. */
export function noteBuild(name, print) {
  writeFileSync(STAMP, `${JSON.stringify({ ...readStamp(), [name]: print }, null, 2)}\n`);
}

export { fingerprint };
export const BUILDS = Object.keys(TARGETS);
