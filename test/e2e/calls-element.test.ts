import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import {
  CallStage,
  eventsSince,
  fallsSilent,
  happened,
  now,
  perceives,
  type Wanted,
} from './harness/seen.ts';
import { until } from './harness/until.ts';

const stage = CallStage.set();

const ANN: Wanted = { name: 'Ann' };
const BOB: Wanted = { name: 'Bob' };

async function annAndBob(): Promise<[Person, Person]> {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  return [ann, bob];
}

/** Nothing of the call was dropped since then: the same connection, and nobody was away. */
async function assertUndisturbed(person: Person, since: number): Promise<void> {
  const events = await eventsSince(
    person,
    since,
    'state-change',
    'participant-left',
    'connection-change',
    'call-error',
  );
  assert.deepEqual(events, []);
  assert.equal(await person.page.evaluate(() => globalThis.watched.connections.length), 1);
}

test('two elements on one page are in two rooms, and each call is its own', async () => {
  const rooms = [stage.room(), stage.room()];
  const ann = await stage.visit(
    rooms
      .map(
        (room) =>
          `<video-call room="${room}" name="Ann" autojoin style="height: 50vh"></video-call>`,
      )
      .join(''),
  );
  const [bob, cem] = await Promise.all([
    stage.join(rooms[0]!, 'Bob'),
    stage.join(rooms[1]!, 'Cem'),
  ]);
  await Promise.all([
    perceives(ann, [BOB], { index: 0 }),
    perceives(ann, [{ name: 'Cem' }], { index: 1 }),
    perceives(bob, [ANN]),
    perceives(cem, [ANN]),
  ]);
  const names = (index: number): Promise<string[]> =>
    ann.run((element) => element.participants.map(({ name }) => name), undefined, index);
  assert.deepEqual(await names(0), ['Ann', 'Bob']);
  assert.deepEqual(await names(1), ['Ann', 'Cem']);
  assert.equal(await ann.openConnections(), 2);

  await bob.run((element) => element.sendMessage('For the first room').then(() => 0), undefined);
  const count = (index: number): Promise<number> =>
    ann.run((element) => element.messages.length, undefined, index);
  await until(async () => (await count(0)) === 1, 'the message');
  assert.equal(await count(1), 0);
  // A muted microphone here is no muted microphone there.
  await ann.run((element) => element.toggleMicrophone(false), undefined, 0);
  await fallsSilent(bob, 'Ann', 'energy');
  await perceives(cem, [ANN]);

  await ann.run((element) => element.leave(), undefined, 0);
  await bob.sees(1);
  await Promise.all([perceives(ann, [{ name: 'Cem' }], { index: 1 }), perceives(cem, [ANN])]);
  assert.equal(await ann.state(0), 'left');
  assert.equal(await ann.state(1), 'joined');
});

test('state, participants, statistics and events are as they are documented', async () => {
  const room = stage.room();
  const ann = await stage.enter(room, 'Ann');
  await ann.hasState('lobby');
  assert.deepEqual(await ann.run((element) => [...element.participants], undefined), []);
  await ann.join();
  const bob = await stage.join(room, 'Bob', 'muted');
  await Promise.all([perceives(ann, [{ ...BOB, audio: false }]), perceives(bob, [ANN])]);
  const people = await ann.run(
    (element) =>
      element.participants.map(
        ({ id, name, isLocal, role, microphone, camera, screen, connection, stream }) => ({
          hasId: id.length > 8,
          name,
          isLocal,
          role,
          microphone,
          camera,
          screen,
          connection,
          kinds: stream
            .getTracks()
            .map(({ kind }) => kind)
            .sort(),
        }),
      ),
    undefined,
  );
  const common = { hasId: true, role: 'member', camera: 'on', screen: 'off' };
  assert.deepEqual(people, [
    {
      ...common,
      // The first one in a room without tokens.
      role: 'moderator',
      name: 'Ann',
      isLocal: true,
      microphone: 'on',
      connection: 'connected',
      kinds: ['audio', 'video'],
    },
    {
      ...common,
      name: 'Bob',
      isLocal: false,
      microphone: 'off',
      connection: 'connected',
      kinds: ['video'],
    },
  ]);
  const stats = await bob.run(async (element) => {
    const other = element.participants.find(({ isLocal }) => !isLocal)!;
    const all = await element.getStats();
    return all.map((one) => ({
      isOther: one.id === other.id,
      sends: one.bytesSent > 0,
      receives: one.bytesReceived > 0 && one.packetsReceived > 0,
      decodes: one.framesDecoded > 0,
      hears: one.audioEnergy > 0,
      candidate: one.localCandidateType,
      protocol: one.protocol,
    }));
  }, undefined);
  assert.deepEqual(stats, [
    {
      isOther: true,
      sends: true,
      receives: true,
      decodes: true,
      hears: true,
      candidate: stats[0]?.candidate === 'prflx' ? 'prflx' : 'host',
      protocol: 'udp',
    },
  ]);
  const events = await ann.page.evaluate(() =>
    seen.events
      .filter(({ type }) => ['state-change', 'joined', 'participant-joined', 'left'].includes(type))
      .map(({ type, value }) => `${type} ${value}`.trim()),
  );
  assert.deepEqual(events, [
    'state-change lobby',
    'state-change joining',
    'state-change joined',
    'joined',
    'participant-joined',
  ]);
  await ann.run((element) => element.leave(), undefined);
  await happened(ann, { type: 'left' });
  assert.equal((await happened(ann, { type: 'state-change', value: 'left' })).value, 'left');
  await bob.sees(1);
});

test('methods answer with promises, which reject by name and never throw', async () => {
  const person = await stage.visit('<p>No call here.</p>');
  const outcomes = await person.page.evaluate(async () => {
    await customElements.whenDefined('video-call');
    const element = document.createElement('video-call');
    const settle = async (call: () => unknown): Promise<string> => {
      let promise: unknown;
      try {
        promise = call();
      } catch {
        return 'threw';
      }
      if (!(promise instanceof Promise)) return 'no promise';
      return promise.then(
        () => 'resolved',
        (error: unknown) => (error as { code: string }).code,
      );
    };
    const outside = await Promise.all(
      [
        () => element.join(),
        () => element.leave(),
        () => element.toggleMicrophone(),
        () => element.toggleCamera(),
        () => element.toggleScreenShare(),
        () => element.setDevice('camera', ''),
        () => element.sendMessage('Hello'),
      ].map(settle),
    );
    const stats = await element.getStats();
    document.body.append(element);
    const withoutRoom = await settle(() => element.join());
    return { outside, stats: stats.length, withoutRoom, error: element.error?.code };
  });
  assert.deepEqual(outcomes, {
    outside: Array.from({ length: 7 }, () => 'not-joined'),
    stats: 0,
    withoutRoom: 'room-missing',
    error: 'room-missing',
  });
  assert.deepEqual(person.pageErrors, []);
});

test('another name, layout, theme, language and microphone setting take effect during the call', async () => {
  const [ann, bob] = await annAndBob();
  const since = await Promise.all([now(ann), now(bob)]);
  const set = (attributes: Record<string, string | null>): Promise<void> =>
    bob.run((element, changes) => {
      for (const [name, value] of Object.entries(changes))
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
    }, attributes);

  await set({ name: 'Robert' });
  await ann.page.getByRole('group', { name: 'Robert' }).waitFor();
  await perceives(ann, [{ name: 'Robert' }]);
  await set({ layout: 'speaker', theme: 'dark' });
  await set({ lang: 'de' });
  await perceives(bob, [ANN]);
  await set({ layout: 'grid', lang: 'en' });
  await perceives(bob, [ANN]);

  await set({ muted: '' });
  await happened(
    ann,
    { type: 'microphone-change', name: 'Robert', value: 'off' },
    { since: since[0] },
  );
  await set({ 'camera-off': '' });
  await happened(ann, { type: 'camera-change', name: 'Robert', value: 'off' }, { since: since[0] });
  await perceives(ann, [{ name: 'Robert', video: false, audio: false }]);
  await set({ muted: null, 'camera-off': null });
  await perceives(ann, [{ name: 'Robert' }]);
  await set({ 'view-only': '' });
  await perceives(ann, [{ name: 'Robert', video: false, audio: false }]);
  await perceives(bob, [ANN]);
  await set({ 'view-only': null });
  await perceives(ann, [{ name: 'Robert' }]);
  await Promise.all([assertUndisturbed(ann, since[0]), assertUndisturbed(bob, since[1])]);
});

test('other ICE servers and another policy reach the connection that is there', async () => {
  const [ann, bob] = await annAndBob();
  const since = await Promise.all([now(ann), now(bob)]);
  const latest = (): Promise<RTCConfiguration> =>
    ann.page.evaluate(() => globalThis.watched.configurations.at(-1)!);
  await ann.run((element) => {
    element.setAttribute('ice-servers', 'stun:127.0.0.1:9 turn:me:secret@127.0.0.1:9');
  }, undefined);
  await until(async () => (await latest()).iceServers?.length === 2, 'the servers');
  assert.deepEqual((await latest()).iceServers, [
    { urls: ['stun:127.0.0.1:9'] },
    { urls: ['turn:127.0.0.1:9'], username: 'me', credential: 'secret' },
  ]);
  await ann.run((element) => {
    element.setAttribute('ice-transport-policy', 'relay');
  }, undefined);
  await until(async () => (await latest()).iceTransportPolicy === 'relay', 'the policy');
  await ann.run((element) => {
    element.removeAttribute('ice-transport-policy');
    element.removeAttribute('ice-servers');
  }, undefined);
  await until(async () => (await latest()).iceTransportPolicy === 'all', 'the policy');
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  assert.equal(await ann.page.evaluate(() => globalThis.watched.connections.length), 1);
  assert.deepEqual(await eventsSince(bob, since[1], 'participant-left', 'call-error'), []);
});

test('an attribute that is taken away is empty again, and its default is used', async () => {
  const [ann, bob] = await annAndBob();
  const left = await ann.run(async (element) => {
    const names = ['name', 'token', 'server', 'layout', 'theme', 'controls', 'lang', 'ice-servers'];
    for (const name of [...names, 'ice-transport-policy']) {
      element.setAttribute(name, name === 'controls' ? 'leave' : '');
      await element.updateComplete;
      element.removeAttribute(name);
      await element.updateComplete;
    }
    const { name, token, server, layout, theme, iceServers, controls } = element;
    return [name, token, server, layout, theme, iceServers, controls ?? 'all'];
  }, undefined);
  assert.deepEqual(left, ['', '', '', '', '', '', 'all']);
  await ann.page.getByRole('button', { name: 'Leave' }).waitFor();
  await ann.page.getByRole('button', { name: /^Chat/ }).waitFor();
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [{ ...ANN, name: '' }])]);
  assert.deepEqual(ann.pageErrors, []);
});

test('another room during the call: out of the old one, into the new one', async () => {
  const [ann, bob] = await annAndBob();
  await ann.run((element) => element.sendMessage('in the old room').then(() => 0), undefined);
  const room = stage.room();
  const cem = await stage.join(room, 'Cem');
  const since = await Promise.all([now(ann), now(bob)]);
  await bob.run((element, name) => {
    element.room = name;
  }, room);
  await happened(ann, { type: 'participant-left', name: 'Bob' }, { since: since[0] });
  await Promise.all([perceives(bob, [{ name: 'Cem' }]), perceives(cem, [BOB])]);
  assert.deepEqual(
    await bob.run((element) => element.participants.map(({ name }) => name), undefined),
    ['Bob', 'Cem'],
  );
  assert.equal(await bob.run((element) => element.messages.length, undefined), 0);
  assert.equal(await bob.openConnections(), 1);
  await until(async () => (await ann.openConnections()) === 0, 'the old connection to close');
  const changes = await eventsSince(bob, since[1], 'state-change', 'left', 'joined');
  assert.deepEqual(
    changes.map(({ type, value }) => `${type} ${value}`.trim()),
    ['state-change joining', 'left', 'state-change joined', 'joined'],
  );
});

test('the element is moved in the page: the call goes on', async () => {
  const [ann, bob] = await annAndBob();
  const since = await now(ann);
  await ann.run((element) => {
    const box = document.createElement('section');
    document.body.append(box);
    box.append(element);
  }, undefined);
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  await assertUndisturbed(ann, since);
});
