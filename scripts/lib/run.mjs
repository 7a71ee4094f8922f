import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

const isWindows = process.platform === 'win32';

/** Ends a child and what it has started (its own process group, where there are such). */
function end(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/**
 * Runs a program in the project's folder with its output passed through, without stdin. It is ended when it says nothing
 * for `patience` minutes, and when we are ended ourselves.
 *
 * @returns {Promise<{ code: number, stuck: boolean, output: string }>}
 */
export function run(program, args, { env = {}, patience = 5, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !isWindows,
    });
    let stuck = false;
    let output = '';
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stuck = true;
        end(child, 'SIGTERM');
        setTimeout(end, 5000, child, 'SIGKILL').unref();
      }, patience * 60_000);
    };
    const pass = (stream) => (chunk) => {
      heard();
      output += chunk;
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on('data', pass(process.stdout));
    child.stderr.on('data', pass(process.stderr));
    const interrupted = (signal) => {
      end(child, signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    let isDone = false;
    const done = (code) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      // Whatever it left behind (a browser, a server) goes too.
      end(child, 'SIGKILL');
      resolve({ code, stuck, output });
    };
    heard();
    child.on('error', (error) => {
      output += error.message;
      done(127);
    });
    const ended = (code, signal) => done(code ?? (signal ? 1 : 0));
    child.on('close', ended);
    // Something that it left behind may hold its output open.
    child.on('exit', (...how) => setTimeout(ended, 2000, ...how).unref());
  });
}
