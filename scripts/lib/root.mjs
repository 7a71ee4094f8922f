import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One line about what is going on; on stderr, so that the output of a command stays its own. */
export function say(text) {
  process.stderr.write(`[video-call] ${text}\n`);
}

/** Says what is wrong and what to do, and ends the program. */
export function giveUp(text) {
  process.stderr.write(`\n${text}\n\n`);
  process.exit(1);
}

/** Ends with a clear message on a Node that is too old. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  giveUp(
    `This needs Node.js 20.19 or newer; this is ${process.versions.node}.\n` +
      'Get a current one from https://nodejs.org/ or with your version manager, for example: nvm install 22',
  );
}

/**
 * Ends this program as SIGTERM does when npm has ended. npm passes signals only to the shell between it and us, and a shell
 * keeps them for itself: without this, "kill" of npm would leave a server behind.
 */
export function endWithNpm() {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
