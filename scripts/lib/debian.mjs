import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { say } from './root.mjs';

/** Asked by Debian's packages before they start a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

function isDebian() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID=debian$/m.test(readFileSync(file, 'utf8'));
}

/** Whether what is missing may be installed here: as root, on Debian. */
export const mayInstall = () => process.getuid?.() === 0 && isDebian();

export const isThere = (program) =>
  spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** Installs packages of Debian, whose services are not started: they would take the ports that others want. */
export function install(packages, purpose) {
  say(`Installing ${packages.join(', ')} ${purpose} (apt-get) …`);
  const options = {
    stdio: ['ignore', 'ignore', 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    spawnSync('apt-get', ['update', '-qq'], options);
    const words = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    spawnSync('apt-get', words, options);
  } finally {
    if (isOurs) rmSync(POLICY);
  }
}
