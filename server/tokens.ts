import { createHash } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { ServerCode } from '../src/protocol/server-texts.ts';
import { isText } from '../src/protocol/guards.ts';
import { LIMITS } from '../src/protocol/limits.ts';
import { ROLES, type Role } from '../src/protocol/moderation.ts';
import type { AccessConfig } from './config-access.ts';
import { accessSecret } from './config-values.ts';
import type { Grant } from './grant.ts';
import { remoteKeys } from './key-set.ts';
import type { Timings } from './limits.ts';
import { loadSecret, type SecretSource } from './secrets.ts';

/** Why a token does not open the room; `why` is for the site author, never what the token holds. */
export interface TokenRefusal {
  readonly code: Extract<ServerCode, `token-${string}`>;
  readonly why: string;
}
/** Judges the token of a join. Rejects when the keys cannot be had at the moment, which is nobody's fault who joins. */
export type CheckToken = (token: string, room: string) => Promise<Grant | TokenRefusal>;

/** Clocks of backends differ by so much, in seconds. */
const CLOCK_TOLERANCE = 5;
/**
 * Pinned by the kind of key: a token can choose neither `none` nor to be checked with a public key as if that were a
 * shared secret.
 */
const SHARED = ['HS256'];
const PUBLIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

export const isRefusal = (value: Grant | TokenRefusal): value is TokenRefusal => 'code' in value;

/** A short name of a token that cannot be turned back into it. */
export const digestOf = (token: string): string =>
  createHash('sha256').update(token).digest('base64');

/** @param secret The text of `config.secret`, from `loadAccessSecret`. */
export function tokenChecker(
  config: AccessConfig,
  secret: string | undefined,
  timings: Timings,
): CheckToken {
  const audience = config.audience === undefined ? {} : { audience: config.audience };
  const shared = { ...audience, clockTolerance: CLOCK_TOLERANCE, requiredClaims: ['exp', 'room'] };
  const verify = verifier(config, secret, timings, shared);
  return async (token, room) => {
    if (token === '') return { code: 'token-missing', why: '' };
    let claims: JWTPayload;
    try {
      claims = await verify(token);
    } catch (error) {
      return refusalOf(error);
    }
    return judge(claims, room);
  };
}

function verifier(
  { keys }: AccessConfig,
  secret: string | undefined,
  timings: Timings,
  options: JWTVerifyOptions,
): (token: string) => Promise<JWTPayload> {
  if (keys.kind === 'jwks') {
    const set = remoteKeys(keys.url, timings);
    return async (token) =>
      (await jwtVerify(token, set, { ...options, algorithms: PUBLIC })).payload;
  }
  if (secret === undefined) throw new Error('access tokens need their secret');
  const key = new TextEncoder().encode(secret);
  return async (token) => (await jwtVerify(token, key, { ...options, algorithms: SHARED })).payload;
}

function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return { code: 'token-expired', why: '' };
  if (error instanceof errors.JWTClaimValidationFailed)
    return { code: 'token-invalid', why: `its "${error.claim}" is missing or does not fit` };
  // A key set that cannot be fetched says nothing about the token.
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
  if (error.code === 'ERR_JOSE_GENERIC' || error instanceof errors.JWKSInvalid) throw error;
  return { code: 'token-invalid', why: 'it is not signed with a key of this server' };
}

function judge(claims: JWTPayload, room: string): Grant | TokenRefusal {
  const { room: pattern, role = 'member', name, knock, sub } = claims;
  const invalid = (claim: string, allowed: string): TokenRefusal => ({
    code: 'token-invalid',
    why: `its "${claim}" is not ${allowed}`,
  });
  if (!isText(pattern, LIMITS.room, 1)) return invalid('room', 'the name of a room or a pattern');
  if (!fits(room, pattern)) return { code: 'token-room', why: '' };
  if (!isRole(role)) return invalid('role', ROLES.join(', '));
  if (name !== undefined && !isText(name, LIMITS.name))
    return invalid('name', `a text of up to ${String(LIMITS.name)} characters`);
  if (knock !== undefined && typeof knock !== 'boolean') return invalid('knock', 'true or false');
  return { role, name: name?.trim() || undefined, knocks: knock, user: sub };
}

const isRole = (value: unknown): value is Role => (ROLES as readonly unknown[]).includes(value);

/**
 * Whether a room fits a pattern in which `*` stands for anything, also for nothing. Without backtracking: each piece is
 * looked for once, from where the one before it ended.
 */
export function fits(room: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return room === pattern;
  const end = room.length - last.length;
  if (!room.startsWith(first) || !room.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = room.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}

export const loadAccessSecret = (secret: SecretSource): Promise<string> =>
  loadSecret('--secret-file', secret, accessSecret);
