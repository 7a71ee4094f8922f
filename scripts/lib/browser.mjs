import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { install, mayInstall } from './debian.mjs';
import { giveUp } from './root.mjs';

const isRoot = process.getuid?.() === 0;

/** Flags for a Chromium in which calls work by themselves: a fake camera and microphone, permission given, quiet. */
export const CALL_FLAGS = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

function usualPlaces() {
  const { env, platform } = process;
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'];
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => `${folder}/${app}.app/Contents/MacOS/${app}`),
    );
  }
  if (platform === 'win32') {
    const apps = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => apps.map((app) => join(folder, app)));
  }
  const names = [
    'google-chrome-stable',
    'google-chrome',
    'chromium',
    'chromium-browser',
    'microsoft-edge-stable',
    'microsoft-edge',
  ];
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return [
    ...folders.filter(Boolean).flatMap((folder) => names.map((name) => join(folder, name))),
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
  ];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of a Chrome, Chromium or Edge: $CHROME_PATH, or one that is installed; `undefined` when there is none. */
export function findBrowser() {
  return process.env.CHROME_PATH || usualPlaces().find(isExecutable);
}

/** Like findBrowser, but installs Debian's chromium where it may, and otherwise ends with what to do. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined) {
    if (!isExecutable(found)) giveUp(`CHROME_PATH is "${found}", which is not a program.`);
    return found;
  }
  if (mayInstall()) {
    install(['chromium'], 'since no browser was found');
    const installed = findBrowser();
    if (installed !== undefined) return installed;
  }
  return giveUp(
    'The tests make real calls in a real browser, and none was found.\n' +
      'Install Google Chrome, Chromium or Microsoft Edge, or set CHROME_PATH to the program, for example:\n' +
      '  CHROME_PATH=/opt/chrome/chrome npm test',
  );
}
