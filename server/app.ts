import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import { Cluster } from './cluster/cluster.ts';
import type { ClientSocket } from './call-socket.ts';
import type { ServerConfig } from './config.ts';
import { addressFinder, AddressLimits } from './addresses.ts';
import { Hub } from './hub.ts';
import { IceSupply } from './ice.ts';
import { listen, portOf } from './listen.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMINGS, type ServerLimits, type Timings } from './limits.ts';
import { limited, type Log } from './log.ts';
import { metricsPage, type MetricsPage } from './metrics.ts';
import { mountPeerServer } from './peer-server.ts';
import { Sockets, type Accept } from './sockets.ts';
import { DIST } from './static.ts';
import { limitStreams } from './streams.ts';
import { StunPorts } from './stun-ports.ts';
import { Tally } from './tally.ts';
import { tokenChecker } from './tokens.ts';
import type { Certificate } from './tls.ts';
import { keepCertificate } from './tls-reload.ts';
import { metricsApp, webApp } from './web.ts';
import { Webhooks } from './webhooks.ts';

export interface AppOptions {
  /** Serves HTTPS with it; HTTP without. */
  readonly certificate?: Certificate;
  /** Directory with the built script and demo. Default: dist/ of this package. */
  readonly dist?: string;
  /** The text of `config.turn.secret`, from `loadTurnSecret`. */
  readonly turnSecret?: string;
  /** The text of the secret in `config.access`, from `loadAccessSecret`. */
  readonly accessSecret?: string;
  readonly limits?: Partial<ServerLimits>;
  readonly timings?: Partial<Timings>;
  /** Default: nothing is logged. */
  readonly log?: Log;
}

export interface Listening {
  readonly port: number;
  /** Undefined when STUN is off. */
  readonly stunPort: number | undefined;
  /** Undefined when the numbers have no port of their own. */
  readonly metricsPort: number | undefined;
  /** Why STUN is off although it was wanted. */
  readonly stunError: NodeJS.ErrnoException | undefined;
}

export interface App {
  readonly httpServer: Server;
  /** Reads the files of the certificate again, if it has any; an error is logged, and the old one stays. */
  reloadCertificate(): Promise<void>;
  /**
   * Opens the ports. Rejects with the error of the TCP port, or of the UDP port if that was chosen by name; then nothing
   * is left open.
   */
  start(): Promise<Listening>;
  /**
   * Takes no new sockets, lets nobody in any more who comes by this node, and says so on `/readyz`; after `config.drain` seconds
   * tells every client, closes its socket with 1012, and resolves when all ports are closed. PeerServer's own timers go on (it
   * has no shutdown), so the process must be ended by `process.exit`.
   */
  stop(): Promise<void>;
}

/** Puts the server together. Nothing is open before `start()`. */
export function createApp(config: ServerConfig, options: AppOptions = {}): App {
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...config.limits, ...options.limits };
  const timings: Timings = {
    ...DEFAULT_TIMINGS,
    joinWithin: config.joinWithin * 1_000,
    ...options.timings,
  };
  // A client that is slow to shake hands, or to send its few header lines, holds a socket for nothing.
  const timeouts = {
    handshakeTimeout: timings.headWithin,
    headersTimeout: timings.headWithin,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 2_000,
  };
  const write: Log = options.log ?? (() => undefined);
  // One line for each who comes or goes, but no more than a disk can take.
  const log = limited(write, 600);
  const startedAt = performance.now();
  let isDraining = false;

  const tally = new Tally();
  const addresses = new AddressLimits({
    connections: config.connectionsPerAddress,
    joinsPerMinute: config.joinsPerAddress,
  });
  let page: Promise<MetricsPage> | undefined;
  const metrics = (): Promise<MetricsPage> =>
    (page ??= metricsPage({
      tally,
      rooms: () => hub.roomCount,
      members: () => hub.memberCount,
      connections: () => sockets.size,
      buffered: () => sockets.buffered,
      webhooks: () => webhooks,
      cluster: () => cluster,
    }));
  const webhooks = config.webhook && new Webhooks(config.webhook, timings, write);
  const ice = new IceSupply(config, options.turnSecret);
  const stun = new StunPorts(config, limits);
  const hub = new Hub({
    capacity: config.roomCapacity,
    awayGrace: config.awayGrace * 1_000,
    waitingRoom: config.waitingRoom,
    checkToken: config.access && tokenChecker(config.access, options.accessSecret, timings),
    limits,
    timings,
    log,
    tally,
    addresses,
    ice,
    onEvent: (event) => {
      webhooks?.tell(event);
      cluster?.heard(event);
    },
  });
  const cluster =
    config.redis === undefined
      ? undefined
      : new Cluster({
          url: config.redis,
          limits,
          timings,
          tally,
          log: write,
          hub,
          peer: () => peer,
        });
  const sockets = new Sockets({
    prefix: config.path,
    limits,
    timings,
    tally,
    addresses,
    // By itself: a flood of what is refused must not swallow the lines of those who come and go, written or not.
    log: limited(write, 600),
    addressOf: addressFinder(config.trustProxy, write),
    allowOrigins: config.allowOrigins,
    ownerOf: (id, token) => (cluster ?? hub).ownerOf(id, token),
    onClose: (connection) => {
      if (cluster) cluster.gateway.closed(connection);
      else hub.disconnected(connection);
    },
  });
  const http = webApp({
    prefix: config.path,
    dist: options.dist ?? DIST,
    log: limited(write),
    timings,
    allowOrigins: config.allowOrigins,
    metrics: config.metrics ? metrics : undefined,
    health: () => ({
      status: isDraining ? 'draining' : cluster?.isUp === false ? 'redis-away' : 'ok',
      rooms: hub.roomCount,
      members: hub.memberCount,
      uptime: Math.floor((performance.now() - startedAt) / 1_000),
    }),
  });
  const metricsServer = config.metricsAt && createServer(timeouts, metricsApp(metrics));
  const httpServer = options.certificate
    ? createSecureServer({ ...options.certificate, ...timeouts, minVersion: 'TLSv1.2' }, http)
    : createServer(timeouts, http);
  // Beside WebSockets there are page loads, and those who are still sending their headers.
  httpServer.maxConnections = limits.sockets + 1_000;
  limitStreams(httpServer, config.trustProxy, config.connectionsPerAddress, tally);
  const isOurs =
    cluster && ((socket: ClientSocket, frame: unknown) => cluster.isOurs(socket, frame));
  const peer = mountPeerServer(httpServer, sockets, { hub, tally, log: write, isOurs });
  const accept: Accept = cluster
    ? (connection, socket) => {
        cluster.accept(connection, socket);
      }
    : (_connection, socket, hello) => {
        peer.accept(socket, hello);
        socket.on('message', peer.onMessage);
      };
  httpServer.on('upgrade', (request, stream, head) => {
    sockets.upgrade(request, stream, head, accept);
  });

  const certificate =
    httpServer instanceof SecureServer && config.tls?.kind === 'files'
      ? keepCertificate(httpServer, config.tls, write)
      : undefined;

  return {
    httpServer,
    async reloadCertificate() {
      await certificate?.reload();
    },
    async start() {
      await stun.start(ice);
      // Loaded before the first caller comes, so that everything is counted.
      if (config.metrics || config.metricsAt) await metrics();
      await cluster?.start();
      try {
        await listen(httpServer, config.port, config.host);
        if (metricsServer)
          await listen(metricsServer, config.metricsAt.port, config.metricsAt.host);
      } catch (error) {
        httpServer.close();
        await stun.close();
        throw error;
      }
      return {
        port: portOf(httpServer) ?? config.port,
        stunPort: ice.stunPort,
        metricsPort: portOf(metricsServer),
        stunError: stun.error,
      };
    },
    async stop() {
      if (isDraining) return;
      isDraining = true;
      certificate?.stop();
      // With other nodes its rooms take newcomers who are there, until they are given back.
      if (!cluster) hub.drain();
      sockets.drain();
      // Calls go on, and whoever asks is told that new ones belong elsewhere.
      await new Promise((resolve) => setTimeout(resolve, config.drain * 1_000));
      // In this order, since guests hear nothing of the end.
      await Promise.all([cluster?.stop(), hub.close()]);
      await Promise.all([sockets.close(), stun.close(), webhooks?.close(timings.closeWithin)]);
      cluster?.close();
      const closed = new Promise<void>((resolve) => httpServer.close(() => resolve()));
      metricsServer?.close();
      metricsServer?.closeAllConnections();
      httpServer.closeAllConnections();
      await closed;
    },
  };
}
