import { unwatchFile, watchFile } from 'node:fs';
import type { Server as SecureServer } from 'node:https';
import type { TlsConfig } from './config.ts';
import type { Log } from './log.ts';
import { loadCertificate } from './tls.ts';

/** Milliseconds between two looks at the files. */
const LOOK_EVERY = 2_000;

/**
 * Gives the server the certificate of its files again whenever they change. They are looked at by their names, through all
 * symbolic links on the way: renewals swap links, of the file (certbot) or of a folder above it (Kubernetes), of which watching a
 * file or a folder would hear nothing. Connections that are open keep what they have.
 *
 * @returns `reload`, for when somebody asks for it, and what stops the watching.
 */
export function keepCertificate(
  server: SecureServer,
  tls: Extract<TlsConfig, { kind: 'files' }>,
  log: Log,
): { reload: () => Promise<void>; stop: () => void } {
  let wanted = 0;
  const reload = async (): Promise<void> => {
    const own = ++wanted;
    try {
      const certificate = await loadCertificate(tls, undefined);
      // A later one has read what is newer.
      if (own !== wanted) return;
      server.setSecureContext({ ...certificate, minVersion: 'TLSv1.2' });
      log('certificate loaded again');
    } catch (error) {
      // The old one goes on. Of two files one is always the first to change: the other follows and is heard as well.
      const { message } = error as Error;
      log('the new certificate cannot be used, the old one stays', { error: message }, 'error');
    }
  };
  const changed = (): void => void reload();
  const files = [tls.cert, tls.key];
  for (const file of files) watchFile(file, { interval: LOOK_EVERY, persistent: false }, changed);
  return {
    reload,
    stop: () => {
      for (const file of files) unwatchFile(file, changed);
    },
  };
}
