/** What we rely on in PeerServer: an update of `peer` that changes any of it fails here and not in a call. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { Client, newId, until, type Frame } from './helpers.ts';

let child: ChildProcess;
let server: { readonly url: string };
const events: Frame[] = [];
before(async () => {
  child = fork(fileURLToPath(new URL('stock-server.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const [port] = (await once(child, 'message')) as [number];
  server = { url: `http://127.0.0.1:${port}/` };
  child.on('message', (event: Frame) => events.push(event));
});
after(() => child.kill());

/** The first event of this name that has not been taken. */
async function event(name: string): Promise<Frame> {
  const find = (): number => events.findIndex((entry) => entry['event'] === name);
  await until(() => find() >= 0, name);
  return events.splice(find(), 1)[0]!;
}
async function connect(identity: { id?: string; token?: string } = {}): Promise<Client> {
  const client = await Client.connect(server, identity);
  await event('connection');
  return client;
}
/** Answered by the message listener, so everything sent before has been handled. */
async function echo(client: Client): Promise<void> {
  client.send({ type: 'ECHO' });
  await client.take('ECHOED');
}

describe('PeerServer', () => {
  it('can be imported beside a package that brings ws 7', async () => {
    assert.equal(typeof (await import('peer')).ExpressPeerServer, 'function');
  });

  it('takes sockets from the `connection` event of our server, and says OPEN before its own', async () => {
    const client = Client.open(server);
    assert.deepEqual(await event('connection'), {
      event: 'connection',
      isKnown: false,
      hasSocket: true,
    });
    await client.take('OPEN');
  });

  it('reaches the client by client.send()', async () => {
    await echo(await connect());
  });

  it('routes OFFER and ANSWER as type, src, dst and payload, with the src that is true', async () => {
    const [one, other] = [await connect(), await connect()];
    for (const type of ['OFFER', 'ANSWER']) {
      one.send({ type, src: other.id, dst: other.id, payload: 'x', extra: 1 });
      assert.deepEqual(await other.take(type), { type, src: one.id, dst: other.id, payload: 'x' });
    }
  });

  it('routes nothing of a type that it does not know', async () => {
    const [one, other] = [await connect(), await connect()];
    one.send({ type: 'ROOM-JOIN', dst: other.id, payload: 'x' });
    await echo(one);
    await echo(other);
    assert.deepEqual(other.frames, []);
  });

  it('shows each message before it is routed, and routes what the listener made of it', async () => {
    const [one, other] = [await connect(), await connect()];
    one.send({ type: 'OFFER', dst: other.id, payload: 'veto' });
    one.send({ type: 'OFFER', dst: other.id, payload: 'rewrite' });
    assert.equal((await other.take('OFFER'))['payload'], 'rewritten');
  });

  it('reports text that is no JSON, and JSON that is no object, as an error', async () => {
    const client = await connect();
    for (const text of ['{', 'null', '7']) {
      client.socket.send(text);
      await event('error');
    }
    await echo(client);
  });

  it('gives a second socket of a client no OPEN, but a `connection` of the same client', async () => {
    const old = await connect();
    const second = Client.open(server, old);
    assert.equal((await event('connection'))['isKnown'], true);
    await echo(second);
    assert.deepEqual(second.frames, []);
    // The old socket still speaks for the client, and is answered on the new one.
    old.send({ type: 'ECHO' });
    await second.take('ECHOED');
    // When the old one closes the client stays.
    old.socket.close();
    await old.closed;
    await echo(second);
    second.socket.close();
    await event('disconnect');
    assert.deepEqual(events, []);
  });

  it('refuses an id that is connected with another token', async () => {
    const owner = await connect();
    const thief = Client.open(server, { id: owner.id });
    await thief.take('ID-TAKEN');
    await thief.closed;
    await echo(owner);
  });

  it('forgets a client with its socket, so that the same id is new again', async () => {
    const client = await connect();
    client.socket.close();
    await event('disconnect');
    const again = Client.open(server, client);
    assert.equal((await event('connection'))['isKnown'], false);
    await again.take('OPEN');
  });

  it('keeps messages for ids that it does not know: never let it', async () => {
    const one = await connect();
    const id = newId();
    one.send({ type: 'OFFER', dst: id, payload: 'x' });
    await echo(one);
    const next = await connect({ id });
    await next.take('OFFER');
    assert.equal(next.socket.readyState, WebSocket.OPEN);
  });
});
