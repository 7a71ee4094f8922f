/** Where the signaling server is, in the parts that PeerJS wants. */
export interface ServerAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Path prefix with a slash at both ends. */
  readonly path: string;
}

/**
 * Reads a server URL (`https://calls.example.com/calls/`, also `wss:`, or relative to `base`); undefined when it is none.
 * Query and fragment are ignored.
 */
export function parseServerAddress(url: string, base?: string): ServerAddress | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url, base);
  } catch {
    return undefined;
  }
  const secure = parsed.protocol === 'https:' || parsed.protocol === 'wss:';
  if (!secure && parsed.protocol !== 'http:' && parsed.protocol !== 'ws:') return undefined;
  return {
    secure,
    host: parsed.hostname,
    port: parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port),
    path: parsed.pathname.endsWith('/') ? parsed.pathname : `${parsed.pathname}/`,
  };
}

/** The address as a person would write it. */
export function formatServerAddress(address: ServerAddress): string {
  const { secure, host, port, path } = address;
  const usual = port === (secure ? 443 : 80);
  return `${secure ? 'https' : 'http'}://${host}${usual ? '' : `:${String(port)}`}${path}`;
}

/**
 * A number from 0 to 1020 for each room, by which a balancer can send everyone of a room to the same node. It is too small
 * to tell which room that is, since it stands in the address, and so in logs of proxies.
 */
export function shardOf(room: string): number {
  let shard = 0;
  for (const unit of room.split('')) shard = (shard * 31 + unit.charCodeAt(0)) % 1_021;
  return shard;
}
