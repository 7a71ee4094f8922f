import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { Timings } from '../../server/limits.ts';
import { Client, newId, offer, startServer, until, type TestServer } from './helpers.ts';

const SECRET = `whsec_${Buffer.from('a secret of the tests').toString('base64')}`;

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
}
/** What the receiver does with one request: a status, or nothing at all. */
type Answer = (told: Told, count: number) => number | 'hang';

/** A real receiver of webhooks. */
class Receiver {
  readonly told: Told[] = [];
  readonly #server: Server;
  #open = 0;
  mostOpen = 0;

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => {
      this.mostOpen = Math.max(this.mostOpen, ++this.#open);
      response.on('close', () => (this.#open -= 1));
      void readAll(request).then((body) => {
        const told = { headers: request.headers, body, event: JSON.parse(body) as Told['event'] };
        this.told.push(told);
        const status = answer(told, this.told.length);
        if (status !== 'hang') response.writeHead(status, { location: '/elsewhere' }).end('thanks');
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/hooks`;
  }

  types(room: string): string[] {
    return this.told
      .filter(({ event }) => event.data['room'] === room)
      .map(({ event }) => event.type);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const receivers: Receiver[] = [];
after(() => {
  for (const receiver of receivers) receiver.close();
});

async function start(
  answer: Answer,
  timings: Partial<Timings> = {},
): Promise<{ receiver: Receiver; server: TestServer; url: string }> {
  const receiver = new Receiver(answer);
  receivers.push(receiver);
  const url = await receiver.listen();
  const server = await startServer({
    config: { webhook: { url, secret: SECRET }, metrics: true, awayGrace: 0.5 },
    timings: { webhookRetry: 20, webhookTimeout: 300, closeWithin: 1_000, ...timings },
  });
  return { receiver, server, url };
}

async function results(server: TestServer): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}metrics`)).text();
  const found = text.matchAll(/video_call_webhooks_(?:total\{result="(.*)"\}|(waiting)) (\d+)/g);
  return Object.fromEntries(
    [...found].map(([, name, waiting, n]) => [name ?? waiting ?? '', Number(n)] as const),
  );
}

/** Two members of a room introduce themselves to each other, whatever becomes of webhooks. */
async function call(server: TestServer, room = newId()): Promise<[Client, Client]> {
  const one = await Client.member(server, room);
  const other = await Client.member(server, room);
  other.send(offer(one.id));
  await one.take('OFFER', { src: other.id });
  return [one, other];
}

describe('webhooks', () => {
  it('tell who comes and goes, in order, signed so that a library of others verifies it', async () => {
    const { receiver, server } = await start(() => 200);
    const room = newId();
    const [one, other] = await call(server, room);
    one.send({ type: 'ROOM-LEAVE' });
    await one.settled();
    await other.crash();
    await until(() => receiver.types(room).includes('room-ended'), 'the end of the room');
    assert.deepEqual(receiver.types(room), [
      'room-started',
      'member-joined',
      'member-joined',
      'member-left',
      'member-left',
      'room-ended',
    ]);
    const data = receiver.told.map(({ event }) => event.data);
    assert.deepEqual(data[0], { room });
    assert.deepEqual(data[2], { room, member: other.id, members: 2 });
    assert.deepEqual(data[3], { room, member: one.id, members: 1, reason: 'left' });
    assert.deepEqual(data[4], { room, member: other.id, members: 0, reason: 'timeout' });
    const verifier = new Webhook(SECRET);
    const wrong = new Webhook(`whsec_${Buffer.from('another secret').toString('base64')}`);
    for (const { headers, body, event } of receiver.told) {
      assert.deepEqual(verifier.verify(body, headers as Record<string, string>), event);
      assert.throws(() => wrong.verify(body, headers as Record<string, string>));
      assert.throws(() => verifier.verify(`${body} `, headers as Record<string, string>));
      assert.ok(!body.includes(one.token) && !body.includes(other.token));
    }
    assert.equal(new Set(receiver.told.map(({ headers }) => headers['webhook-id'])).size, 6);
    assert.deepEqual(await results(server), { delivered: 6, waiting: 0 });
    await server.stop();
  });

  it('say that a room was left for another one', async () => {
    const { receiver, server } = await start(() => 204);
    const [first, second] = [newId(), newId()];
    const client = await Client.member(server, first);
    await client.join(second);
    await client.join(second);
    const isToldOfBoth = (): boolean =>
      receiver.types(first).length === 4 && receiver.types(second).length === 2;
    await until(isToldOfBoth, 'both rooms');
    assert.deepEqual(receiver.types(first), [
      'room-started',
      'member-joined',
      'member-left',
      'room-ended',
    ]);
    await server.stop();
  });

  it('are tried again, with the same id and in order, when the receiver fails', async () => {
    const { receiver, server } = await start((_told, count) => (count % 3 === 0 ? 200 : 503));
    const room = newId();
    await call(server, room);
    await until(async () => (await results(server))['delivered'] === 3, 'all deliveries');
    const kinds = receiver.told.map(({ event }) => event.type);
    assert.deepEqual(kinds, [
      ...Array<string>(3).fill('room-started'),
      ...Array<string>(6).fill('member-joined'),
    ]);
    assert.equal(new Set(receiver.told.map(({ headers }) => headers['webhook-id'])).size, 3);
    await server.stop();
  });

  it('are given up at last, and not tried again where the receiver refuses or redirects', async () => {
    const { receiver, server } = await start(({ event }) =>
      event.type === 'room-started' ? 410 : event.data['members'] === 1 ? 302 : 500,
    );
    await call(server);
    await until(async () => (await results(server))['given-up'] === 1, 'the last attempt');
    assert.deepEqual(await results(server), { refused: 2, 'given-up': 1, waiting: 0 });
    assert.equal(receiver.told.length, 1 + 1 + 8);
    await server.stop();
  });

  it('do not hold up calls while the receiver hangs, and wait in a queue with an end', async () => {
    const { receiver, server } = await start(() => 'hang', { webhookTimeout: 60_000 });
    const client = await Client.member(server, newId());
    // Two events for each change of rooms: more than may wait.
    const many = 1_300;
    const movers = await Promise.all(Array.from({ length: 50 }, () => Client.connect(server)));
    for (let n = 0; n < many / 50; n++)
      await Promise.all(movers.map((mover) => mover.join(newId())));
    await client.settled();
    await call(server);
    const found = await results(server);
    assert.equal(found['waiting'], 5_000);
    assert.ok((found['dropped'] ?? 0) > 100, JSON.stringify(found));
    assert.ok(receiver.mostOpen <= 8);
    // It ends in time although nothing was delivered.
    assert.equal(await server.stop(), 0);
  });

  it('go on when the receiver comes back, and lose nobody to a slow one', async () => {
    let isDown = true;
    const { receiver, server } = await start(() => (isDown ? 'hang' : 200), {
      webhookTimeout: 200,
    });
    const room = newId();
    await call(server, room);
    await until(() => receiver.told.length > 1, 'an attempt again');
    isDown = false;
    await until(async () => (await results(server))['delivered'] === 3, 'all deliveries');
    await server.stop();
  });

  it('of a receiver that is not there disturb nobody', async () => {
    const server = await startServer({
      config: { webhook: { url: 'http://127.0.0.1:9/', secret: SECRET }, metrics: true },
      timings: { webhookRetry: 5 },
    });
    await call(server);
    await until(async () => ((await results(server))['given-up'] ?? 0) >= 1, 'the last attempt');
    await server.stop();
  });
});
