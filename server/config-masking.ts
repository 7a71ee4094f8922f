import type { Setting } from './config-setting.ts';
import { isOn } from './config-values.ts';

/** A value as it may be shown: nothing of a secret, of passwords in ICE servers, and of what follows the path of an address. */
export function masked({ flag, value, isJson }: Setting, text: string): string {
  if (value === undefined) return isOn(text) === true ? 'on' : 'off';
  if (/secret$|password|token$/.test(flag)) return '***';
  // A password may hold anything, also what would end it in an address that is well formed.
  if (flag === 'redis') return withoutQuery(text.replace(/\/\/.*@/, '//***@'));
  if (isJson)
    return /^\s*[[{]/.test(text)
      ? '[…]'
      : text.replaceAll(/[^\s,]+/g, (url) => url.replace(/^(\w+:[^:@]*):.*@/, '$1:***@'));
  return flag.endsWith('-url') ? withoutQuery(text) : text;
}

/** Those of TURN have nothing to hide there. */
const withoutQuery = (text: string): string =>
  text.replaceAll(/\b((?:http|redis)s?:[^?#\s]*)[?#]\S*/g, '$1?***');
