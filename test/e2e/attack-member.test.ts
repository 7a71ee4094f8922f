import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, newId, offer } from '../server/helpers.ts';
import { makeOffer, watchCall } from './harness/hostile.ts';
import { CallStage } from './harness/seen.ts';
import { until } from './harness/until.ts';

/** The server lets everything through that is in order, so that the page is all that holds. */
const stage = CallStage.set({
  server: [
    ...['--frames-per-second', '100000', '--bytes-per-second', '900000000'],
    ...['--buffered-bytes', '900000000', '--away-grace', '1'],
  ],
});
const OFFERS = 600;
const CANDIDATES = 20_000;
const HOSTILES = 3;

test(`members send ${String(OFFERS)} offers, ${String(CANDIDATES)} candidates, deep and huge metadata: the call goes on`, async (t) => {
  const room = stage.room();
  const call = await watchCall(stage, room);
  const { victim, friend } = call;
  const [target, other] = await Promise.all([victim, friend].map((one) => one.id()));
  const sdp = await makeOffer(friend);
  const crowded = `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(1_800)}`;
  const huge = `v=0\r\n${'a=x\r\n'.repeat(12_000)}`;
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, await victim.openConnections());
  };
  const hostiles: Client[] = [];
  for (let n = 0; n < HOSTILES; n++) {
    const hostile = await Client.member(stage.server, room);
    hostiles.push(hostile);
    const signal = (link: string, body: object): void => {
      hostile.send({ type: 'ROOM-SIGNAL', src: other, dst: target, link, signal: body });
    };
    let link = newId();
    for (let turn = 0; turn < OFFERS / HOSTILES; turn++) {
      // Some of them again, for which PeerJS would end its call.
      if (turn % 3 !== 2) link = newId();
      hostile.send(offer(target!, { sdp: { type: 'offer', sdp }, connectionId: link }));
      if (turn % 40 !== 0) continue;
      const text = JSON.stringify(offer(target!, { sdp: { type: 'offer', sdp } }));
      hostile.socket.send(`${text.slice(0, -2)},"metadata":${deep}}}`);
      await look();
    }
    for (let turn = 0; turn < CANDIDATES / HOSTILES; turn++)
      signal(turn % 2 === 0 ? link : newId(), {
        ...{ kind: 'candidate', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null },
        candidate: `candidate:1 1 udp 2122260223 127.0.0.1 ${String(1 + turn)} typ host`,
      });
    for (let round = 0; round < 30; round++)
      for (const type of ['offer', 'answer'] as const) {
        const description = { kind: 'description', round, type, sources: [['0', 'camera']] };
        for (const one of [link, newId()]) {
          signal(one, { ...description, sdp });
          signal(one, { ...description, sdp: huge });
          signal(one, { kind: 'bye' });
        }
        // The server closes those who send many of these.
        if (round < 5) signal(link, { ...description, sdp: crowded });
      }
    await hostile.settled();
    await look();
  }
  await look();
  assert.ok(most <= 1 + HOSTILES, `${String(most)} connections at once`);
  t.diagnostic(`connections at once ${String(most)}; ${await call.isUnhurt()}`);

  for (const { socket } of hostiles) socket.terminate();
  await victim.sees(2);
  await until(async () => (await victim.openConnections()) === 1, 'the end of the hostile ones');
  await call.isUnhurt();
  // And whoever comes now is received like before.
  const late = await stage.join(room, 'Late');
  await late.receives(2);
  await victim.receives(2);
});
