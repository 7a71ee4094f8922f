import type { ServerConfig } from './config.ts';
import type { IceSupply } from './ice.ts';
import type { ServerLimits } from './limits.ts';
import { startStun, type StunServer } from './stun.ts';

/** Our STUN on two ports: by the second one lobbies recognize NATs that need a relay. */
export class StunPorts {
  readonly #config: ServerConfig;
  readonly #limits: ServerLimits;
  readonly #open: StunServer[] = [];
  /** Why STUN is off although it was wanted. */
  error: NodeJS.ErrnoException | undefined;

  constructor(config: ServerConfig, limits: ServerLimits) {
    this.#config = config;
    this.#limits = limits;
  }

  /** Has callers told of it. Rejects when a port that was chosen by name cannot be opened. */
  async start(ice: Pick<IceSupply, 'stunPort' | 'probePort'>): Promise<void> {
    const { stunPort: port, isStunPortChosen, host } = this.#config;
    if (port === undefined) return;
    const options = { port, host, answersPerSecond: this.#limits.stunPerSecond };
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
