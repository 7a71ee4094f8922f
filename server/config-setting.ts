import type { Refused } from './config-values.ts';

/** One thing that an operator may set. */
export interface Setting {
  readonly flag: string;
  readonly env?: string;
  /** How the value is called in the help; without it the flag is a switch. */
  readonly value?: string;
  /** May be given several times: the values are joined by spaces. Otherwise the last one counts. */
  readonly isList?: true;
  /** A configuration file may have it as JSON. */
  readonly isJson?: true;
  readonly help: string;
}

/** The value of a setting; `fallback` when there is none, or when it is refused, which is noted. */
export type Read = <T>(setting: Setting, fallback: T, parse: (text: string) => T | Refused) => T;
