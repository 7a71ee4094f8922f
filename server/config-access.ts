import type { Read } from './config-setting.ts';
import { nameOf, SETTINGS } from './config-settings.ts';
import { accessSecret, audience, keySetUrl } from './config-values.ts';
import type { SecretSource } from './secrets.ts';

export interface AccessConfig {
  /** What tokens are signed with. One kind only, so that no token can choose how it is checked. */
  readonly keys:
    | { readonly kind: 'secret'; readonly secret: SecretSource }
    | { readonly kind: 'jwks'; readonly url: string };
  readonly audience: string | undefined;
}

export function readAccess(read: Read, problems: string[]): AccessConfig | undefined {
  const text = read<string | undefined>(SETTINGS.secret, undefined, accessSecret);
  const file = read<string | undefined>(SETTINGS.secretFile, undefined, (name) => name);
  const url = read<string | undefined>(SETTINGS.jwksUrl, undefined, keySetUrl);
  const aud = read<string | undefined>(SETTINGS.audience, undefined, audience);
  const { secret, secretFile, jwksUrl } = SETTINGS;
  const kinds = [text, file, url].filter((one) => one !== undefined).length;
  if (kinds > 1)
    problems.push(
      `${[secret, secretFile, jwksUrl].map(nameOf).join(', ')}: more than one is there; allowed: one of them`,
    );
  if (kinds === 0 && aud !== undefined)
    problems.push(`${nameOf(SETTINGS.audience)} needs tokens: ${nameOf(secret)}`);
  if (url !== undefined) return { keys: { kind: 'jwks', url }, audience: aud };
  if (text !== undefined)
    return { keys: { kind: 'secret', secret: { kind: 'text', text } }, audience: aud };
  if (file !== undefined)
    return { keys: { kind: 'secret', secret: { kind: 'file', file } }, audience: aud };
  return undefined;
}
