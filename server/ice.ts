import { createHmac, randomBytes } from 'node:crypto';
import type { IceServer } from '../src/protocol/ice.ts';
import { LIMITS } from '../src/protocol/limits.ts';
import type { ServerConfig } from './config.ts';
import { secret as secretValue } from './config-values.ts';
import { loadSecret, type SecretSource } from './secrets.ts';

/** What a client is told of STUN and TURN, in WELCOME and later. */
export interface IceGrant {
  readonly iceServers: readonly IceServer[];
  /** Seconds for which it is good; 0: for ever. */
  readonly iceTtl: number;
}

/** Seconds. */
const PROBE_TTL = 60;

/**
 * Hands out STUN and TURN servers. For TURN it makes short-lived credentials from a secret that it shares with the TURN
 * server (coturn's `use-auth-secret`, draft-uberti-behave-turn-rest-00), so no lasting password ever reaches a page.
 */
export class IceSupply {
  readonly #config: ServerConfig;
  readonly #secret: string;
  /** UDP port of our own STUN, once it is known. */
  stunPort: number | undefined;
  /** A second one: a NAT that shows another address there needs a relay (RFC 4787, section 4.1). */
  probePort: number | undefined;

  constructor(config: ServerConfig, secret: string | undefined) {
    if (config.turn && secret === undefined) throw new Error('TURN needs its secret');
    this.#config = config;
    this.#secret = secret ?? '';
  }

  /**
   * @param hostname Under which name the client reached this server: there it finds our STUN too.
   * @param user From `turnUser()`. The same for one session, since TURN counts its quotas by it.
   */
  grant(hostname: string | undefined, user: string): IceGrant {
    return this.#grant(hostname, user, this.#config.turn?.ttl ?? 0);
  }

  /** For a look at the network, by someone who has not joined yet: credentials that last no longer than it. */
  grantProbe(hostname: string | undefined): IceGrant & { readonly probe: string } {
    const probe = this.#stun(hostname, this.probePort) ?? '';
    return { ...this.#grant(hostname, turnUser(), PROBE_TTL), probe };
  }

  #grant(hostname: string | undefined, user: string, ttl: number): IceGrant {
    const { turn, iceServers } = this.#config;
    const servers: IceServer[] = [];
    const stun = this.#stun(hostname, this.stunPort);
    if (stun !== undefined) servers.push({ urls: [stun] });
    if (turn) servers.push({ urls: turn.urls, ...turnCredentials(this.#secret, user, ttl) });
    servers.push(...iceServers);
    return { iceServers: servers.slice(0, LIMITS.iceServers), iceTtl: turn ? ttl : 0 };
  }

  #stun(hostname: string | undefined, port: number | undefined): string | undefined {
    const host = this.#config.publicHost ?? hostname;
    if (host === undefined || port === undefined) return undefined;
    return `stun:${bracketed(host)}:${String(port)}`;
  }

  /**
   * Milliseconds from a grant to the next one, which must come before the credentials expire; undefined when they never
   * do. Different each time, so that those who came together are not all served in the same instant again.
   */
  refreshAfter(): number | undefined {
    const { turn } = this.#config;
    return turn && turn.ttl * 1_000 * (0.65 + 0.1 * Math.random());
  }
}

/** A name for TURN's books that says nothing about who it is. */
export const turnUser = (): string => randomBytes(9).toString('base64url');

/** Good for `ttl` seconds from now, by the clock of this machine. */
export function turnCredentials(
  secret: string,
  user: string,
  ttl: number,
): Required<Pick<IceServer, 'username' | 'credential'>> {
  const username = `${String(Math.floor(Date.now() / 1_000) + ttl)}:${user}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { username, credential };
}

export const loadTurnSecret = (secret: SecretSource): Promise<string> =>
  loadSecret('--turn-secret-file', secret, secretValue);

const bracketed = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
