import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { judge } from '../../server/firewall.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { Client, newId, offer, startServer, type Frame, type TestServer } from './helpers.ts';

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const bye = (dst: string, link = newId()): Frame => ({
  type: 'ROOM-SIGNAL',
  dst,
  link,
  signal: { kind: 'bye' },
});

/** Two members of a new room, with nothing left to take. */
async function pair(): Promise<[Client, Client]> {
  const room = newId();
  const one = await Client.member(server, room);
  const other = await Client.member(server, room);
  await one.take('ROOM-JOINED');
  return [one, other];
}

/** Sends, and asserts that the receiver gets nothing of it. */
async function assertBlocked(
  sender: Client,
  receiver: Client,
  ...frames: unknown[]
): Promise<void> {
  for (const frame of frames) sender.send(frame);
  await sender.settled();
  await receiver.settled();
  assert.deepEqual(receiver.types(), []);
}

describe('between members of one room', () => {
  it('an offer and an answer arrive, with their checked fields and no others', async () => {
    const [one, other] = await pair();
    const link = newId();
    for (const type of ['OFFER', 'ANSWER'] as const) {
      const extra = { metadata: { a: 1 }, label: 'x', browser: 'y', constructor: {} };
      const frame = offer(one.id, { connectionId: link, ...extra }, type);
      other.send({ ...frame, src: 'forged-source', extra: 1 });
      assert.deepEqual(await one.take(type), {
        type,
        src: other.id,
        dst: one.id,
        payload: {
          sdp: { type: type.toLowerCase(), sdp: 'v=0\r\n' },
          type: 'media',
          connectionId: link,
        },
      });
    }
  });

  it('signals arrive, with their guarded fields and no others', async () => {
    const [one, other] = await pair();
    const link = newId();
    const signals = [
      { kind: 'bye' },
      { kind: 'description', round: 3, type: 'answer', sdp: 'v=0', sources: [['0', 'camera']] },
      { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: 0, usernameFragment: 'u' },
    ];
    for (const signal of signals) {
      const polluted = { ...signal, extra: { deep: [] }, constructor: 1 };
      other.send({ ...bye(one.id, link), signal: polluted, src: 'forged', payload: { x: 1 } });
      assert.deepEqual(await one.take('ROOM-SIGNAL'), {
        type: 'ROOM-SIGNAL',
        src: other.id,
        link,
        signal,
      });
    }
  });

  it('the largest description that is allowed arrives', async () => {
    const [one, other] = await pair();
    const sdp = { type: 'offer', sdp: 'x'.repeat(LIMITS.sdp) };
    other.send(offer(one.id, { sdp }));
    await one.take('OFFER');
    await assertBlocked(other, one, offer(one.id, { sdp: { ...sdp, sdp: `${sdp.sdp}x` } }));
  });

  it('everything else that PeerServer would deliver is dropped', async () => {
    const [one, other] = await pair();
    const candidate = { candidate: {}, type: 'media', connectionId: newId() };
    await assertBlocked(
      other,
      one,
      { type: 'LEAVE', dst: one.id },
      { type: 'EXPIRE', dst: one.id },
      { type: 'CANDIDATE', dst: one.id, payload: candidate },
      { type: 'OPEN', dst: one.id },
      { type: 'ID-TAKEN', dst: one.id },
      { type: 'ERROR', dst: one.id, payload: { msg: 'x' } },
      { type: 'ROOM-LEFT', dst: one.id, id: one.id, reason: 'left' },
      { type: 'HEARTBEAT', dst: one.id },
      offer(one.id, { type: 'data' }),
      offer(one.id, { type: 'data', label: 'x', serialization: 'binary' }),
      offer(one.id, { connectionId: '<img src=x>' }),
      offer(one.id, { sdp: { type: 'answer', sdp: 'v=0' } }),
      offer(one.id, { sdp: 'v=0' }),
      { type: 'OFFER', dst: one.id },
      { type: 'OFFER', dst: [one.id], payload: offer(one.id)['payload'] },
    );
  });

  it('a LEAVE without a destination takes nobody out', async () => {
    const [one, other] = await pair();
    other.send({ type: 'LEAVE' });
    await other.settled();
    one.send(offer(other.id));
    await other.take('OFFER');
  });
});

describe('someone who is no member of the room', () => {
  it('can neither call nor reach a member', async () => {
    const [member] = await pair();
    const stranger = await Client.connect(server);
    const link = newId();
    stranger.send(offer(member.id, { connectionId: link }));
    await stranger.take('ROOM-UNDELIVERED', { dst: member.id, link });
    stranger.send(bye(member.id, link));
    await stranger.take('ROOM-UNDELIVERED', { dst: member.id, link });
    await assertBlocked(
      stranger,
      member,
      offer(member.id, {}, 'ANSWER'),
      { type: 'LEAVE', dst: member.id },
      { type: 'EXPIRE', dst: member.id },
      { type: 'CANDIDATE', dst: member.id, payload: { connectionId: link } },
    );
  });

  it('cannot be told from someone who does not exist', async () => {
    const [member] = await pair();
    const stranger = await Client.member(server, newId());
    const link = newId();
    const answers: Frame[] = [];
    for (const dst of [member.id, newId()]) {
      stranger.send(bye(dst, link));
      answers.push({ ...(await stranger.take('ROOM-UNDELIVERED')), dst: 'same' });
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  it('cannot reach into a room from another one, nor after having left it', async () => {
    const [one, other] = await pair();
    const elsewhere = await Client.member(server, newId());
    await assertBlocked(elsewhere, one, offer(one.id), bye(one.id));
    other.send({ type: 'ROOM-LEAVE' });
    await one.take('ROOM-LEFT');
    await assertBlocked(other, one, offer(one.id), bye(one.id));
  });

  it('nor itself', async () => {
    const [one] = await pair();
    one.send(offer(one.id));
    await one.take('ROOM-UNDELIVERED', { dst: one.id });
    await assertBlocked(one, one, offer(one.id, {}, 'ANSWER'));
  });
});

describe('what is sent to nobody', () => {
  it('waits for nobody: whoever takes that id next gets nothing', async () => {
    const [one] = await pair();
    const id = newId();
    for (let n = 0; n < 10; n++) one.send(offer(id));
    await one.settled();
    assert.equal(one.types().filter((type) => type === 'ROOM-UNDELIVERED').length, 10);
    const next = await Client.connect(server, { id });
    await next.settled();
    assert.deepEqual(next.types(), []);
  });
});

describe('judge', () => {
  it('never throws', () => {
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
    const odd = [
      undefined,
      null,
      0,
      '',
      'OFFER',
      [],
      [[]],
      deep,
      { type: deep },
      { type: 'OFFER' },
    ];
    for (const frame of odd) assert.equal(judge(frame).kind, 'invalid');
    for (const payload of [
      ...odd,
      { sdp: deep },
      { type: 'media', sdp: { type: 'offer', sdp: 1 } },
    ])
      assert.equal(judge({ type: 'OFFER', dst: newId(), payload }).kind, 'invalid');
    const polluted = JSON.parse('{"__proto__":{"type":"OFFER"},"type":"LEAVE"}') as unknown;
    assert.equal(judge(polluted).kind, 'invalid');
  });

  it('knows what to do with PeerJS', () => {
    assert.equal(judge({ type: 'HEARTBEAT' }).kind, 'heartbeat');
    assert.equal(judge({ type: 'CANDIDATE' }).kind, 'ignore');
    assert.equal(judge(offer(newId())).kind, 'route');
  });
});
