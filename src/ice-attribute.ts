import type { Report } from './attributes.ts';
import { CallError } from './call/errors.ts';
import type { IceServer } from './protocol/ice.ts';
import { parseIceServers } from './protocol/parse-ice.ts';
import { inWords } from './protocol/server-texts.ts';

/** STUN and TURN servers in either form, or as a property the list itself. Wrong entries are reported and skipped. */
export function readIceServers(
  value: string | readonly RTCIceServer[],
  report: Report,
): readonly IceServer[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const { servers, problems } = parseIceServers(text);
  for (const problem of problems)
    report(new CallError('ice-server-invalid', inWords('ice-server-invalid', problem)));
  return servers;
}
