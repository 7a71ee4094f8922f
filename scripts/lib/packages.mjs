import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, giveUp, say } from './root.mjs';

function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json says. Optional packages (binaries of other platforms) may be absent;
 * with `production` those that only development needs may be absent too.
 */
export function packagesAreInstalled({ production = false } = {}) {
  const wanted = lockedPackages('package-lock.json');
  const installed = lockedPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = installed[path];
    if (!found) return entry.optional || entry.devOptional || (production && entry.dev);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Installs the packages if they are missing or not those of the lock file. */
export function ensurePackages(options) {
  if (packagesAreInstalled(options)) return;
  say('Installing packages (npm ci) …');
  // Run by npm itself: the same npm again. Otherwise the one in the PATH.
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /\.c?js$/.test(npm);
  const { status, error } = spawnSync(
    viaNode ? process.execPath : 'npm',
    [...(viaNode ? [npm] : []), 'ci', '--include=dev', '--no-audit', '--no-fund'],
    {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
      shell: !viaNode && process.platform === 'win32',
    },
  );
  if (status === 0) return;
  giveUp(
    `The packages could not be installed${error ? ` (${error.message})` : ''}: see the lines above.\n` +
      'Check the network connection and try again, or run "npm ci" to see more.',
  );
}
