/**
 * PeerServer as it comes, in a process of its own, for contract.test.ts. Set up on the public seams that server/peer-server.ts
 * builds on; reports its events over IPC.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { ExpressPeerServer, type IClient } from 'peer';
import { WebSocketServer } from 'ws';

const httpServer = createServer();
const sockets = new WebSocketServer({ noServer: true });
const peer = ExpressPeerServer(httpServer, { createWebSocketServer: () => sockets });
const seen = new WeakSet<IClient>();
const report = (event: string, detail: object = {}): void => {
  process.send?.({ event, ...detail });
};

peer.on('connection', (client) => {
  report('connection', { isKnown: seen.has(client), hasSocket: client.getSocket() !== null });
  seen.add(client);
});
peer.on('disconnect', () => {
  report('disconnect');
});
peer.on('error', (error: Error) => {
  report('error', { name: error.name });
});
peer.on('message', (client, message: unknown) => {
  const frame = message as { type: string; payload?: unknown };
  if (frame.type === 'ECHO') client.send({ type: 'ECHOED' });
  if (frame.payload === 'veto') frame.type = 'DROPPED';
  if (frame.payload === 'rewrite') frame.payload = 'rewritten';
});
express().use(peer);
httpServer.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => {
    // Only the query counts, wherever the socket came in.
    request.url = `/anything?${request.url?.split('?')[1] ?? ''}`;
    sockets.emit('connection', socket, request);
  });
});
process.on('disconnect', () => process.exit(0));
httpServer.listen(0, '127.0.0.1', () => {
  process.send?.((httpServer.address() as AddressInfo).port);
});
