import type { ServerConfig } from './config.ts';
import type { IceSupply } from './ice.ts';
import type { ServerLimits } from './limits.ts';
import { startStun, type StunServer } from './stun.ts';

type StunConfig = Pick<ServerConfig, 'stunPort' | 'isStunPortChosen' | 'stunHost' | 'host'>;

/**
 * Where STUN listens; undefined: on all addresses. So, if nothing else is set, where pages come by a proxy on this machine,
 * since a proxy hands on no UDP, and where `host` stands for all addresses itself.
 */
export function stunAddress({
  host = '',
  stunHost = isLoopback(host) ? '' : host,
}: Pick<ServerConfig, 'host' | 'stunHost'>): string | undefined {
  return stunHost === '' || stunHost === '::' ? undefined : stunHost;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

/** Our STUN on two ports: by the second one lobbies recognize NATs that need a relay. */
export class StunPorts {
  readonly #config: StunConfig;
  readonly #limits: Pick<ServerLimits, 'stunPerSecond'>;
  readonly #open: StunServer[] = [];
  /** Why STUN is off although it was wanted. */
  error: NodeJS.ErrnoException | undefined;

  constructor(config: StunConfig, limits: Pick<ServerLimits, 'stunPerSecond'>) {
    this.#config = config;
    this.#limits = limits;
  }

  /** Has callers told of it. Rejects when a port that was chosen by name cannot be opened. */
  async start(ice: Pick<IceSupply, 'stunPort' | 'probePort'>): Promise<void> {
    const { stunPort: port, isStunPortChosen } = this.#config;
    if (port === undefined) return;
    const answersPerSecond = this.#limits.stunPerSecond;
    const options = { port, host: stunAddress(this.#config), answersPerSecond };
    try {
      const stun = await startStun(options);
      this.#open.push(stun);
      ice.stunPort = stun.port;
      // Nobody's call depends on it: where the port is taken, lobbies find out a little less.
      const probe = await startStun({ ...options, port: stun.port + 1 }).catch(() => undefined);
      if (probe) this.#open.push(probe);
      ice.probePort = probe?.port;
    } catch (error) {
      if (isStunPortChosen) throw error;
      this.error = error as NodeJS.ErrnoException;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((server) => server.close()));
  }
}
