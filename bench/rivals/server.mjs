/**
 * What the plain PeerJS page needs: stock PeerServer, and who is in a room over HTTP. Run as a child process of the bench,
 * as our own server is.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { ExpressPeerServer } from 'peer';

const peerjs = createRequire(import.meta.url).resolve('peerjs/package.json');
const app = express();
const server = createServer(app);
const rooms = new Map();

app.get('/', (_, response) => {
  response.sendFile(fileURLToPath(new URL('plain-peerjs.html', import.meta.url)));
});
app.get('/peerjs.min.js', (_, response) => {
  response.sendFile(fileURLToPath(new URL('dist/peerjs.min.js', `file://${peerjs}`)));
});
app.post('/rooms/:room/:id', ({ params }, response) => {
  const members = rooms.get(params.room) ?? new Set();
  rooms.set(params.room, members);
  response.json([...members]);
  members.add(params.id);
});

const peers = ExpressPeerServer(server, { path: '/' });
peers.on('disconnect', (client) => {
  for (const members of rooms.values()) members.delete(client.getId());
});
peers.on('error', () => undefined);
app.use('/peer', peers);

server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
