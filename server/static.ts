import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';

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
  // No text becomes markup or script, except for Lit's own templates, which hold nothing of what callers write.
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');
const PAGE_PERMISSIONS =
  'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()';

/** Only there has every file a hash of six or eight characters in its name, so that it never changes under that name. */
const hashedName = /[\\/](?:chunks|demo)[\\/][^\\/]+-[A-Za-z0-9_-]{6,8}(?:\.[a-z0-9]+)+$/;

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

/**
 * Serves dist/: `index.html` (the demo) as a page, everything else for the pages of other origins.
 * @param isOpen False when only some origins may use it; those that may not never come here.
 */
export function staticFiles(dist: string, isOpen: boolean): RequestHandler {
  return express.static(dist, {
    dotfiles: 'ignore',
    redirect: false,
    setHeaders: (response: Response, path: string) => {
      if (path.endsWith('.html')) {
        response.set({
          'Cache-Control': 'no-cache',
          'Content-Security-Policy': PAGE_POLICY,
          'Permissions-Policy': PAGE_PERMISSIONS,
          'Cross-Origin-Opener-Policy': 'same-origin',
        });
        return;
      }
      const origin = isOpen ? '*' : response.req.headers.origin;
      if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin);
      response.set({
        // Module scripts of another origin are fetched with CORS, and pages with COEP ask for CORP.
        'Cross-Origin-Resource-Policy': 'cross-origin',
        // Five minutes, then a question with the ETag: an update of the script reaches every page soon.
        'Cache-Control': hashedName.test(path)
          ? 'public, max-age=31536000, immutable'
          : 'public, max-age=300, must-revalidate',
      });
    },
  });
}
