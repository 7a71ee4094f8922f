import { CallError } from './call/errors.ts';
import { CONTROL_NAMES, type ControlName } from './elements/options.ts';
import { parseServerAddress, type ServerAddress } from './signaling/server-address.ts';

/** Takes what is wrong with a value of the page; the default is used in its place. */
export type Report = (error: CallError) => void;

function invalid(attribute: string, value: string, allowed: string): CallError {
  const shown = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  return new CallError('attribute-invalid', `${attribute}="${shown}". ${allowed}`);
}

/** One of a few words; the first is the default. */
export function readChoice<T extends string>(
  attribute: string,
  value: string | undefined,
  choices: readonly [T, ...T[]],
  report: Report,
): T {
  const known = choices.find((choice) => choice === value?.trim());
  if (known === undefined && value)
    report(invalid(attribute, value, `Use one of: ${choices.join(', ')}.`));
  return known ?? choices[0];
}

/** Names of buttons divided by white space; all of them when the attribute is absent. */
export function readControls(value: string | undefined, report: Report): readonly ControlName[] {
  if (value === undefined) return CONTROL_NAMES;
  const words = value.split(/[\s,]+/).filter((word) => word !== '');
  const isName = (word: string): word is ControlName =>
    (CONTROL_NAMES as readonly string[]).includes(word);
  const unknown = words.filter((word) => !isName(word));
  if (unknown.length > 0)
    report(invalid('controls', unknown.join(' '), `Known are: ${CONTROL_NAMES.join(', ')}.`));
  return words.filter(isName);
}

/** The address of the server, relative to the page; the fallback when there is none or it cannot be read. */
export function readServer(
  value: string,
  fallback: string,
  report: Report,
): ServerAddress | undefined {
  const address = value === '' ? undefined : parseServerAddress(value, document.baseURI);
  if (value !== '' && !address)
    report(invalid('server', value, 'Use an address such as https://calls.example.com/.'));
  return address ?? parseServerAddress(fallback);
}
