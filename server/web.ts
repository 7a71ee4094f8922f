import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import type { Timings } from './limits.ts';
import type { Log } from './log.ts';
import type { MetricsPage } from './metrics.ts';
import { isAllowedOrigin } from './origins.ts';
import { commonHeaders, isBuilt, staticFiles } from './static.ts';

/** What `/healthz` answers. */
export interface Health {
  /**
   * `draining`: nobody new is let in, because the server is about to stop. `redis-away`: rooms of other nodes cannot be joined,
   * and it is not known which they are.
   */
  readonly status: 'ok' | 'draining' | 'redis-away';
  readonly rooms: number;
  readonly members: number;
  /** Seconds. */
  readonly uptime: number;
}

export interface WebOptions {
  /** Begins and ends with `/`. */
  readonly prefix: string;
  readonly dist: string;
  readonly log: Log;
  readonly health: () => Health;
  /** Origins whose pages may load the script; undefined: all. */
  readonly allowOrigins: readonly string[] | undefined;
  /** Shown to everyone; undefined: to nobody. */
  readonly metrics: (() => Promise<MetricsPage>) | undefined;
  readonly timings: Timings;
}

/** The pages, the script, `/healthz` (the process runs) and `/readyz` (callers may be sent here); everything else is a 404 in plain words. */
export function webApp(options: WebOptions): Express {
  const { prefix, dist, log, health, allowOrigins, metrics, timings } = options;
  const app = express();
  app.disable('x-powered-by');
  // A prefix is exactly what was configured, or a wrong reverse proxy would seem to work for half of the files.
  app.enable('case sensitive routing');
  app.use(commonHeaders);
  app.use(({ socket }, _response, next) => {
    socket.setTimeout(timings.unreadFor);
    next();
  });
  app.use((request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') next();
    else response.status(405).set('Allow', 'GET, HEAD').type('text').send('Only GET and HEAD.\n');
  });
  if (allowOrigins)
    app.use((request, response, next) => {
      response.vary('Origin');
      const { origin } = request.headers;
      // Links and addresses typed in have none; scripts of other pages always have.
      if (origin === undefined || isAllowedOrigin(origin, allowOrigins)) next();
      else
        response.status(403).type('text').send('Pages of this origin may not use this server.\n');
    });
  if (prefix !== '/')
    app.get(prefix.slice(0, -1), (request, response, next) => {
      if (request.path.endsWith('/')) next();
      else response.redirect(308, prefix + request.originalUrl.slice(request.path.length));
    });
  app.get(`${prefix}healthz`, (_request, response) => {
    response.set('Cache-Control', 'no-store').json(health());
  });
  app.get(`${prefix}readyz`, (_request, response) => {
    const { status } = health();
    response
      .status(status === 'ok' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status });
  });
  if (metrics)
    app.get(`${prefix}metrics`, (_request, response, next) => {
      sendMetrics(metrics, response).catch(next);
    });
  app.use(prefix, staticFiles(dist, !allowOrigins));
  app.use((_request, response) => {
    const text = isBuilt(dist)
      ? `Nothing is here. The demo is at ${prefix} and the script at ${prefix}video-call.js.`
      : 'The script and the demo are not built yet. Run: npm run build';
    response.status(404).type('text').send(`${text}\n`);
  });
  const onError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) log('a request failed', { error: (error as Error).name }, 'error');
    if (response.headersSent) next(error);
    else response.status(status).type('text').send('That request could not be answered.\n');
  };
  app.use(onError);
  return app;
}

/** For a port that nobody but the operator reaches: `/metrics` and nothing else. */
export function metricsApp(metrics: () => Promise<MetricsPage>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(commonHeaders);
  app.get('/metrics', (_request, response, next) => {
    sendMetrics(metrics, response).catch(next);
  });
  return app;
}

async function sendMetrics(metrics: () => Promise<MetricsPage>, response: Response): Promise<void> {
  const page = await metrics();
  const text = await page.render();
  response.set({ 'Content-Type': page.contentType, 'Cache-Control': 'no-store' }).send(text);
}

function statusOf(error: unknown): number {
  const status = (error as { readonly status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
