import type { QualityCeiling } from '../engine/picture-plan.ts';
import { insecureContext } from '../media/capture.ts';
import { isRoomName } from '../protocol/guards.ts';
import type { IceServer } from '../protocol/ice.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ServerAddress } from '../signaling/server-address.ts';
import { CallError } from './errors.ts';

/** How the page wants the call to be. */
export interface CallConfig {
  readonly room: string;
  readonly name: string;
  /** Empty when the page has none. */
  readonly token: string;
  /** Undefined when the page's address of it cannot be read. */
  readonly server: ServerAddress | undefined;
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly audioOnly: boolean;
  readonly viewOnly: boolean;
  /** Ceiling of what is sent and asked for. */
  readonly quality: QualityCeiling;
  readonly startMuted: boolean;
  readonly startCameraOff: boolean;
}

/** What joining needs; the address of the server if all is there. Throws a CallError that names what is not. */
export function checkConfig({ room, server, viewOnly }: CallConfig): ServerAddress {
  if (room === '') throw new CallError('room-missing', 'set the attribute room');
  const isValid: boolean = isRoomName(room);
  if (!isValid)
    throw new CallError(
      'room-invalid',
      `"${room.length > 40 ? `${room.slice(0, 39)}…` : room}": 1 to ${String(LIMITS.room)} characters, no control characters`,
    );
  if (!('RTCPeerConnection' in globalThis)) throw new CallError('browser-unsupported');
  if (!globalThis.isSecureContext && !viewOnly) throw insecureContext();
  if (!server) throw new CallError('server-invalid');
  return server;
}

/** A name as it is sent: no white space around it, no longer than the protocol allows, no character cut in half. */
export function clipName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length <= LIMITS.name) return trimmed;
  const clipped = trimmed.slice(0, LIMITS.name);
  return /[\uD800-\uDBFF]$/.test(clipped) ? clipped.slice(0, -1) : clipped;
}
