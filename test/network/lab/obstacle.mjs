import { spawnSync } from 'node:child_process';
import { ensureBrowser, findBrowser } from '../../../scripts/lib/browser.mjs';
import { install, isThere } from '../../../scripts/lib/debian.mjs';
import { say } from '../../../scripts/lib/root.mjs';

const FOR_LAB = 'for the network lab';
/** What a lab is made of: programs, and Debian's packages that bring them. */
const PROGRAMS = { ip: 'iproute2', iptables: 'iptables', turnserver: 'coturn' };

function missing() {
  const programs = Object.keys(PROGRAMS).filter((program) => !isThere(program));
  return findBrowser() === undefined ? [...programs, 'a browser'] : programs;
}

const hasFirefox = () => isThere('firefox-esr') || isThere('firefox');

/** Installs a Firefox where that can be done; the tests that need one are skipped without it. */
export function ensureFirefox() {
  if (!hasFirefox() && isThere('apt-get')) install(['firefox-esr'], FOR_LAB);
  if (!hasFirefox()) say('No Firefox: its network tests are skipped.');
}

/** Why no lab can be made here, after an attempt to install what is missing; undefined when one can. */
export function obstacle() {
  if (process.platform !== 'linux') return 'they need Linux';
  if (process.getuid() !== 0) return 'they need root, for network namespaces';
  if (missing().length > 0 && isThere('apt-get')) {
    const packages = missing().flatMap((program) => PROGRAMS[program] ?? []);
    if (packages.length > 0) install(packages, FOR_LAB);
    if (findBrowser() === undefined) ensureBrowser();
  }
  const still = missing();
  if (still.length > 0) return `missing: ${still.join(', ')}`;
  const probe = `vcnet-${process.pid}-0-probe`;
  const { status, stderr } = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', probe], { stdio: 'ignore' });
  return status === 0 ? undefined : `no network namespaces here (${stderr.trim()})`;
}
