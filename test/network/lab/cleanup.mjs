/** Takes labs down from outside: whatever happened in them, nothing of them may stay. */
import { spawnSync } from 'node:child_process';

/** A lab's namespaces are called vcnet-<pid of the run>-<pid of the test file>-<place>. */
const NAME = /^(vcnet-(\d+)-\d+)-\w+$/;

const ip = (...args) => spawnSync('ip', args, { encoding: 'utf8' }).stdout ?? '';

function namespaces() {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => NAME.test(name));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Ends every program in these namespaces and deletes them; devices, addresses and rules go with them. */
function remove(names) {
  for (const name of names)
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
  for (const name of names) ip('netns', 'delete', name);
}

/** All labs of one run, or the lab with this prefix. */
export function removeLabs(prefix) {
  remove(namespaces().filter((name) => name.startsWith(`${prefix}-`)));
}

/** What runs left behind that were killed before they could clean up. */
export function removeLeftovers() {
  remove(namespaces().filter((name) => !isAlive(Number(NAME.exec(name)?.[2]))));
}
