/** Flags for a Chromium in which calls work by themselves: a fake camera and microphone, permission given, quiet. */
export const CALL_FLAGS: readonly string[];
/** Path of a Chrome, Chromium or Edge: $CHROME_PATH, or one that is installed; `undefined` when there is none. */
export function findBrowser(): string | undefined;
/** Like findBrowser, but installs Debian's chromium where it may, and otherwise ends with what to do. */
export function ensureBrowser(): string;
