import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import express, { type RequestHandler, type Response, type Router } from 'express';

/**
 * For the demo's pages only. They use nothing of other hosts except a call server that the visitor names, and no inline
 * script; Lit's styles are no inline styles, but the author's `style` attributes in the embed code are.
 */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob: mediastream:",
  "connect-src 'self' ws: wss: http: https:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');
const PAGE_PERMISSIONS =
  'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()';

/** Vite puts a hash of eight characters before the extension; such a file never changes under its name. */
const hashedName = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

/** Nearest directory above this file that holds a package.json: the source and its compiled form lie at different depths. */
function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory)
    directory = dirname(directory);
  return directory;
}
/** Where `npm run build` puts what is served. */
export const DIST = join(packageRoot(), 'dist');

/** True when there is a script to serve. */
export function isBuilt(dist: string): boolean {
  return existsSync(join(dist, 'video-call.js'));
}

/** For every answer of this server. */
export const commonHeaders: RequestHandler = (_request, response, next) => {
  response.set({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
  next();
};

/** Serves `dist/demo/` as pages, and the rest of `dist/` as scripts for the pages of any origin. */
export function staticFiles(dist: string): Router {
  const router = express.Router();
  const options = { dotfiles: 'ignore', redirect: false, fallthrough: true } as const;
  router.use(
    express.static(join(dist, 'demo'), {
      ...options,
      setHeaders: (response: Response, path: string) => {
        response.set('Cache-Control', cacheFor(path, 'no-cache'));
        if (!path.endsWith('.html')) return;
        response.set({
          'Content-Security-Policy': PAGE_POLICY,
          'Permissions-Policy': PAGE_PERMISSIONS,
          'Cross-Origin-Opener-Policy': 'same-origin',
        });
      },
    }),
    express.static(dist, {
      ...options,
      index: false,
      setHeaders: (response: Response, path: string) => {
        response.set({
          // Module scripts of another origin are fetched with CORS, and pages with COEP ask for CORP.
          'Access-Control-Allow-Origin': '*',
          'Cross-Origin-Resource-Policy': 'cross-origin',
          // Five minutes, then one question with the ETag: an update reaches every page the same day it is made.
          'Cache-Control': cacheFor(path, 'public, max-age=300, must-revalidate'),
        });
      },
    }),
  );
  return router;
}

function cacheFor(path: string, otherwise: string): string {
  return hashedName.test(path) ? 'public, max-age=31536000, immutable' : otherwise;
}
