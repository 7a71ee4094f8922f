import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** Serves one page at every path from an origin of its own, as a site that embeds the element would. */
export class PageServer {
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** `html` is made for each request; the headers are those of the site, for example a Content-Security-Policy. */
  static async start(
    html: (path: string) => string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<PageServer> {
    const server = createServer((request, response) => {
      if (request.url === '/favicon.ico') {
        response.writeHead(204).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
      response.end(html(request.url ?? '/'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new PageServer(server, `http://localhost:${String(address.port)}/`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A page with whatever stands in `body`, and the script of the server at `server`. */
export function embedPage(server: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>${head}
<style>body { margin: 0 } video-call { height: 100vh }</style>
<script type="module" src="${server}video-call.js"></script></head><body>${body}</body></html>`;
}
