import { provableId } from '../protocol/identity.ts';
import { randomId } from '../protocol/random.ts';

/** Who a caller is for one stay in a room: `id` to the others, and to the server, which alone learns the `token`. */
export interface Identity {
  readonly id: string;
  readonly token: string;
}

/** Made of each other, so that nobody can come with the id and another token, whatever the server has forgotten. */
export async function createIdentity(): Promise<Identity> {
  const token = randomId(32);
  // Browsers withhold it from pages without a secure context, where one can still watch.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  const digest = await subtle?.digest('SHA-256', new TextEncoder().encode(token));
  return { id: digest ? provableId(new Uint8Array(digest)) : randomId(), token };
}
