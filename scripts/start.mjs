/**
 * "npm start": installs and builds what is missing, then runs the server with the flags it was given. "--dev" instead builds
 * again at each change and restarts the server.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT, checkNode, endWithNpm, giveUp, say } from './lib/root.mjs';
import { staleToRun } from './lib/builds.mjs';

checkNode();
endWithNpm();
const isDev = process.argv.includes('--dev');
const stale = staleToRun();
// Where everything is built, the packages that only development needs may be missing.
ensurePackages({ production: stale.length === 0 && !isDev });

if (stale.length > 0) {
  const { build } = await import('./build.mjs');
  try {
    await build(stale);
  } catch (error) {
    giveUp(
      `The build failed: ${error instanceof Error ? error.message : String(error)}\n` +
        'In a fresh clone this should not happen; with changes of your own, "npm run types" may tell more.',
    );
  }
}

if (isDev) {
  const flags = process.argv.slice(2).filter((flag) => flag !== '--dev');
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const watch = ['--watch', '--emptyOutDir', 'false', '--logLevel', 'warn'];
  say('Watching: the element and the demo are built again at each change, the server restarts.');
  const children = [
    [vite, 'build', ...watch],
    [vite, 'build', 'demo', ...watch],
    ['--import', 'tsx', '--watch', '--watch-preserve-output', 'server/main.ts', ...flags],
  ].map((args) => spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }));
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  for (const child of children) child.on('exit', stop);
} else {
  // Whoever runs it by npm reads what it says, into a file too; services run build/server/main.js.
  if (!process.stdout.isTTY) process.env.LOG_FORMAT ??= 'text';
  // In this very process, so that signals and the exit code are the server's own.
  const main = join(ROOT, 'build/server/main.js');
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
}
