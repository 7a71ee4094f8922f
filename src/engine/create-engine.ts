import { PeerSignaling } from '../signaling/peer-signaling.ts';
import type { ServerAddress } from '../signaling/server-address.ts';
import type { CallEngine, EngineConfig, EngineListener } from './engine.ts';
import { MeshEngine } from './mesh-engine.ts';
import type { NetworkPath, preflight } from './preflight.ts';

/** Makes an engine for one stay in a room. */
export type CreateEngine = (
  server: ServerAddress,
  config: EngineConfig,
  listener: EngineListener,
) => CallEngine;

export const createEngine: CreateEngine = (server, config, listener) =>
  new MeshEngine(
    config,
    listener,
    (signals) => new PeerSignaling(server, config.identity, signals),
  );

/**
 * Looks at the network before a call; see `preflight`, which is loaded for it: no call waits for that. Undefined when nothing is
 * known, or when nobody waits for it.
 */
export async function examineNetwork(
  ...args: Parameters<typeof preflight>
): Promise<NetworkPath | undefined> {
  try {
    return await (await import('./preflight.ts')).preflight(...args);
  } catch {
    return undefined;
  }
}
