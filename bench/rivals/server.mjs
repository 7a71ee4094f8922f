/**
 * What the plain PeerJS page needs: stock PeerServer, and who is in a room over HTTP. Run as a child process of the bench,
 * as our own server is; or as a program with the host and port to listen on, where it is to be killed.
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

const [host = '127.0.0.1', port = '0'] = process.argv.slice(2);
server.listen(Number(port), host, () => {
  if (process.send) process.send(server.address().port);
  else console.log('Listening');
});
process.on('disconnect', () => process.exit());
