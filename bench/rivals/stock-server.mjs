/** PeerServer as it comes, but without its limit of connections, and not asking for a heartbeat that the bench does not send. */
import { PeerServer } from 'peer';

const options = { port: 0, host: '127.0.0.1', concurrent_limit: 1e9, alive_timeout: 3_600_000 };
PeerServer(options, (server) => {
  process.send?.({ port: server.address().port });
});
