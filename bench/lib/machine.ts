import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type as system } from 'node:os';
import { findBrowser } from '../../scripts/lib/browser.mjs';
import { ROOT } from './root.ts';

const output = (program: string, ...args: string[]): string => {
  try {
    return execFileSync(program, args, {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
};

/** One line: when, which commit, on what. */
export function machine(): string {
  const commit = output('git', 'rev-parse', '--short', 'HEAD') || 'unknown';
  const isChanged = output('git', 'status', '--porcelain', '--', 'src', 'server', 'bench') !== '';
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const browser = output(findBrowser() ?? 'chromium', '--version').replace(/ built.*| snap.*/, '');
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `commit ${commit}${isChanged ? ' with changes' : ''}`,
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory} GB`,
    `${system()} ${release()}`,
    `Node ${process.versions.node}`,
    browser.trim(),
  ].join('; ');
}

/** The average numbers of processes that wanted to run in the last 1, 5 and 15 minutes. */
export function load(): string {
  return loadavg()
    .map((average) => average.toFixed(2))
    .join(' ');
}
