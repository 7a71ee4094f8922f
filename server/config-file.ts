/** Settings from a JSON file: flags without their dashes as names, `{"port": 9000, "allow-origin": ["https://example.com"]}`. */
import { isRecord, parseJson } from '../src/protocol/guards.ts';
import type { Setting } from './config-setting.ts';
import { closest, LIST } from './config-settings.ts';

export interface FileSettings {
  /** What would stand behind each flag. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** @param read Gives the text of the file, or throws. */
export function settingsOfFile(file: string, read: (file: string) => string): FileSettings {
  const texts = new Map<string, string>();
  const refused = (why: string): FileSettings => ({
    texts,
    problems: [`--config is "${file}", ${why}`],
  });
  let text: string;
  try {
    text = read(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return refused(`which cannot be read (${code})`);
  }
  // Node's own message would repeat the text around the mistake, and a secret may stand there.
  const settings = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isRecord(settings)) return refused('which is no JSON object such as {"port": 9000}');

  const problems: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const setting = LIST.find(({ flag }) => flag === name);
    if (!setting || name === 'help' || name === 'config') {
      problems.push(`"${name}" in ${file} is unknown${closest(name)}`);
      continue;
    }
    const result = textOf(setting, value);
    if (result === undefined) problems.push(`"${name}" in ${file} must be ${expected(setting)}`);
    else if (result !== false) texts.set(name, result);
  }
  return { texts, problems };
}

/** The value as a flag would have it; `false` for a switch that is off, undefined for what is not understood. */
function textOf(setting: Setting, value: unknown): string | false | undefined {
  if (setting.value === undefined) return value === true ? '' : value === false ? value : undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value;
  if (setting.isJson && typeof value === 'object' && value !== null) return JSON.stringify(value);
  const isTextList =
    setting.isList && Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTextList ? value.join(' ') : undefined;
}

function expected({ value, isList, isJson }: Setting): string {
  if (value === undefined) return 'true or false';
  if (isJson) return 'a text or a list of RTCIceServer';
  return isList ? 'a text or a list of texts' : 'a text or a number';
}
