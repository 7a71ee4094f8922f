import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';
import type { TlsConfig } from './config.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Loads the certificate, or makes one.
 * @param publicHost A name to put into a self-signed certificate beside localhost and the addresses of this machine.
 * @throws Error whose message names the flag and the file.
 */
export async function loadCertificate(
  tls: TlsConfig,
  publicHost: string | undefined,
): Promise<Certificate> {
  if (tls.kind === 'self-signed') return selfSigned(publicHost);
  const certificate = {
    cert: await read('--cert', tls.cert),
    key: await read('--key', tls.key),
  };
  try {
    createSecureContext(certificate);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`--cert ${tls.cert} and --key ${tls.key} do not work together: ${why}`, {
      cause,
    });
  }
  return certificate;
}

async function read(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new Error(`${flag} is "${file}", which cannot be read (${code})`, { cause });
  }
}

/** Addresses under which others on the network reach this machine, IPv4 before IPv6, without link-local ones. */
export function lanAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80|169\.254)/i.test(address))
    .sort((one, other) => one.family.localeCompare(other.family))
    .map(({ address }) => address);
}

async function selfSigned(publicHost: string | undefined): Promise<Certificate> {
  // Loaded only when needed: it brings an X.509 library.
  const { generate } = await import('selfsigned');
  const names = new Set(['localhost', '127.0.0.1', '::1', ...lanAddresses()]);
  if (publicHost !== undefined) names.add(publicHost);
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'video-call' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Browsers refuse certificates that are valid for longer than 825 days, and iOS those that are not for servers.
    notAfterDate: new Date(Date.now() + 365 * 24 * 3_600_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names].map((name) =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  });
  return { cert, key };
}
