import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Log } from './log.ts';
import { addressBytes } from './stun-message.ts';

/** How many proxies stand before the server, or which addresses are proxies; only they are believed about others. */
export type TrustProxy = number | readonly string[];

/** Whether the address that is so many hops away, 0 being who is connected, is a proxy. */
export function trusts(trust: TrustProxy): (address: string, hop: number) => boolean {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : proxyAddr.compile([...trust]);
}

/** Finds whom a request counts for: an IPv4 address, or the /64 of an IPv6 one, which is what one subscriber has. */
export function addressFinder(trust: TrustProxy, log: Log): (request: IncomingMessage) => string {
  const isTrusted = trusts(trust);
  let hasWarned = false;
  return (request) => {
    const direct = request.socket.remoteAddress ?? '';
    if (!hasWarned && request.headers['x-forwarded-for'] !== undefined && !isTrusted(direct, 0)) {
      hasWarned = true;
      log(
        'a proxy is not in --trust-proxy: all who come through it count as one address',
        {},
        'warn',
      );
    }
    // A proxy may write anything there, also a port or "unknown".
    const claimed = proxyAddr(request, isTrusted);
    return addressKey(isIP(claimed) === 0 ? direct : claimed);
  };
}

export function addressKey(address: string): string {
  const bytes = addressBytes(address);
  if (!bytes) return address;
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 12).toString('hex') === `${'0'.repeat(20)}ffff`;
  return isMapped ? bytes.subarray(12).join('.') : `${bytes.toString('hex', 0, 8)}/64`;
}

/** How often something may happen a minute for each key. Answers at once, since frames are handled in their order. */
export class PerMinute {
  readonly #limiter: RateLimiterMemory;
  readonly #spent = new Set<string>();

  constructor(points: number) {
    this.#limiter = new RateLimiterMemory({ points, duration: 60 });
  }

  take(key: string): boolean {
    if (this.#spent.has(key)) return false;
    const settle = (result: unknown): void => {
      if (!(result instanceof RateLimiterRes) || result.remainingPoints > 0) return;
      if (this.#spent.has(key)) return;
      this.#spent.add(key);
      setTimeout(() => this.#spent.delete(key), result.msBeforeNext).unref();
    };
    // In memory it settles before anything else of the network is read; what the promise brings is for the next one.
    this.#limiter.consume(key).then(settle, settle);
    return true;
  }
}

export interface AddressLimitsOptions {
  readonly connections: number;
  readonly joinsPerMinute: number;
}

/** What one address may have and do. An office of hundreds behind one address is a single one, so there is room. */
export class AddressLimits {
  readonly #options: AddressLimitsOptions;
  readonly #open = new Map<string, number>();
  readonly #connects: PerMinute;
  readonly #joins: PerMinute;

  constructor(options: AddressLimitsOptions) {
    this.#options = options;
    // An honest client connects once for each join; some connections fail on the way.
    this.#connects = new PerMinute(2 * options.joinsPerMinute);
    this.#joins = new PerMinute(options.joinsPerMinute);
  }

  /** Why this address may not connect now; undefined when it may. */
  refusal(
    address: string,
  ): { reason: 'connections-per-address' | 'connects-per-address'; text: string } | undefined {
    const { connections, joinsPerMinute } = this.#options;
    if ((this.#open.get(address) ?? 0) >= connections)
      return {
        reason: 'connections-per-address',
        text: `your address has ${String(connections)} connections, which is the limit`,
      };
    if (!this.#connects.take(address))
      return {
        reason: 'connects-per-address',
        text: `your address has connected ${String(2 * joinsPerMinute)} times within a minute, which is the limit`,
      };
    return undefined;
  }

  opened(address: string): void {
    this.#open.set(address, (this.#open.get(address) ?? 0) + 1);
  }

  closed(address: string): void {
    const left = (this.#open.get(address) ?? 0) - 1;
    if (left > 0) this.#open.set(address, left);
    else this.#open.delete(address);
  }

  /** Counts a join. False when this minute has had enough of them. */
  join(address: string): boolean {
    return this.#joins.take(address);
  }
}
