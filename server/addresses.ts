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

/** Finds whom a request counts for: an IPv4 address, or the /64 of an IPv6 one, which is the least that a subscriber has. */
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

/** Providers give one subscriber up to a /48; less often it is many who have a /64 each, so it may have so many times as much. */
const NETWORK_SHARE = 8;

/** The /48 of an IPv6 address, as `addressKey` has made it. */
const networkOf = (address: string): string | undefined =>
  address.endsWith('/64') ? `${address.slice(0, 12)}/48` : undefined;

/** How many of something each address has open, and each IPv6 network. */
export class OpenPerAddress {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Who has as many as it may, if that is the address or its network, and how many that is. */
  limit(
    address: string,
  ): { readonly who: 'address' | 'network'; readonly most: number } | undefined {
    const network = networkOf(address);
    const most = NETWORK_SHARE * this.#most;
    if (this.#count(address) >= this.#most) return { who: 'address', most: this.#most };
    return network !== undefined && this.#count(network) >= most
      ? { who: 'network', most }
      : undefined;
  }

  opened(address: string): void {
    this.#add(address, 1);
    this.#add(networkOf(address), 1);
  }

  closed(address: string): void {
    this.#add(address, -1);
    this.#add(networkOf(address), -1);
  }

  #count(key: string): number {
    return this.#open.get(key) ?? 0;
  }

  #add(key: string | undefined, change: number): void {
    if (key === undefined) return;
    const count = this.#count(key) + change;
    if (count > 0) this.#open.set(key, count);
    else this.#open.delete(key);
  }
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

/** How often something may happen a minute for each address, and for each IPv6 network. */
class AddressRate {
  readonly #ofAddress: PerMinute;
  readonly #ofNetwork: PerMinute;

  constructor(points: number) {
    this.#ofAddress = new PerMinute(points);
    this.#ofNetwork = new PerMinute(NETWORK_SHARE * points);
  }

  take(address: string): boolean {
    const network = networkOf(address);
    return (
      this.#ofAddress.take(address) && (network === undefined || this.#ofNetwork.take(network))
    );
  }
}

/** What one address may have and do. An office of hundreds behind one address is a single one, so there is room. */
export class AddressLimits {
  readonly #options: AddressLimitsOptions;
  readonly #open: OpenPerAddress;
  readonly #connects: AddressRate;
  readonly #joins: AddressRate;

  constructor(options: AddressLimitsOptions) {
    this.#options = options;
    this.#open = new OpenPerAddress(options.connections);
    // An honest client connects once for each join; some connections fail on the way.
    this.#connects = new AddressRate(2 * options.joinsPerMinute);
    this.#joins = new AddressRate(options.joinsPerMinute);
  }

  /** Why this address may not connect now; undefined when it may. */
  refusal(
    address: string,
  ): { reason: 'connections-per-address' | 'connects-per-address'; text: string } | undefined {
    const { joinsPerMinute } = this.#options;
    const limit = this.#open.limit(address);
    if (limit)
      return {
        reason: 'connections-per-address',
        text: `your ${limit.who} has ${String(limit.most)} connections, which is the limit`,
      };
    if (!this.#connects.take(address))
      return {
        reason: 'connects-per-address',
        text: `your address or network has connected too often within a minute; an address may ${String(2 * joinsPerMinute)} times`,
      };
    return undefined;
  }

  opened(address: string): void {
    this.#open.opened(address);
  }

  closed(address: string): void {
    this.#open.closed(address);
  }

  /** Counts a join. False when this minute has had enough of them. */
  join(address: string): boolean {
    return this.#joins.take(address);
  }
}
