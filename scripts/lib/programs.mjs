import { install, isThere, mayInstall } from './debian.mjs';
import { say } from './root.mjs';

/** The programs that tests run beside the server, and Debian's packages that bring them. */
const PROGRAMS = { 'redis-server': 'redis-server', nginx: 'nginx-light', turnserver: 'coturn' };

/** Installs what the tests want where it may; elsewhere says which of them will be skipped. */
export function ensurePrograms() {
  const missing = () => Object.keys(PROGRAMS).filter((program) => !isThere(program));
  if (missing().length > 0 && mayInstall())
    install(
      missing().map((program) => PROGRAMS[program]),
      'for the tests',
    );
  const still = missing();
  if (still.length > 0)
    say(`Not installed: ${still.join(', ')}. Tests that need them are SKIPPED.`);
}
