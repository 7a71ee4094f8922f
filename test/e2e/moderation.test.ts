import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { createToken, type TokenClaims } from '../../server/create-token.ts';
import type { VideoCallElement } from '../../src/video-call.ts';
import type { Person } from './harness/person.ts';
import { CallStage, happened, perceiveEachOther, perceives } from './harness/seen.ts';
import { TestServer } from './harness/server.ts';
import { embedPage, PageServer } from './harness/page-server.ts';
import { until } from './harness/until.ts';

const SECRET = 'a-secret-of-at-least-32-characters';
const stage = CallStage.set();

/** A server that asks for tokens, and a page of a site that uses it. */
let closed: TestServer;
let site: PageServer;
before(async () => {
  closed = await TestServer.start('--secret', SECRET, '--away-grace', '1');
  site = await PageServer.start((path) =>
    embedPage(closed.url, decodeURIComponent(path.slice(1).split('?')[0] ?? '')),
  );
});
after(async () => {
  await closed.down();
  await site.stop();
});

const token = (room: string, claims: Omit<TokenClaims, 'room'> = {}): Promise<string> =>
  createToken(SECRET, { room, ...claims });

/** Somebody on a page of the site, who joins with this token. */
async function withToken(room: string, jwt: string, attributes = 'autojoin'): Promise<Person> {
  const html = `<video-call room="${room}" token="${jwt}" ${attributes}></video-call>`;
  return stage.visitUrl(`${site.url}${encodeURIComponent(html)}`);
}
const roles = (person: Person): Promise<string[]> =>
  person.run((element) => element.participants.map(({ role }) => role), undefined);
const isMuted = (element: VideoCallElement): boolean =>
  element.localParticipant?.microphone === 'off';
/** What the server answers to somebody who comes with this id and a token of another's choice. */
async function upgradeAs(id: string): Promise<number | undefined> {
  const url = `${stage.server.url.replace('http', 'ws')}peerjs?key=peerjs&id=${id}`;
  const socket = new WebSocket(`${url}&token=${'x'.repeat(32)}`);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return response.statusCode;
}
const shows = (person: Person, text: string | RegExp): Promise<void> =>
  person.page.getByText(text).first().waitFor();

test('who knocks at a locked room waits, is admitted by the host, and is seen and heard both ways', async () => {
  const room = stage.room();
  const ann = await stage.join(room, 'Ann');
  await ann.page.getByRole('button', { name: 'People', exact: true }).click();
  await ann.page.getByRole('switch', { name: /Lock the call/ }).click();
  await ann.page.getByRole('switch', { name: /Lock the call/, checked: true }).waitFor();
  await ann.page.getByRole('button', { name: 'Close' }).click();

  const bob = await stage.enter(room, 'Bob', 'autojoin');
  await bob.hasState('waiting');
  await shows(bob, 'You will be let in soon');
  // The page changes its mind at the door.
  await bob.run((element) => {
    element.muted = true;
  }, undefined);
  await until(() => bob.run(isMuted, undefined), 'the microphone to be off');
  await bob.run((element) => {
    element.muted = false;
  }, undefined);
  assert.equal(await ann.run((element) => element.participants.length, undefined), 1);
  await ann.page.getByRole('button', { name: 'Admit Bob' }).click();
  await bob.hasState('joined');
  await perceiveEachOther({ Ann: ann, Bob: bob });
  assert.deepEqual(await roles(ann), ['moderator', 'member']);
  assert.deepEqual(await roles(bob), ['member', 'moderator']);

  const cem = await stage.enter(room, 'Cem', 'autojoin');
  await ann.page.getByRole('button', { name: 'Refuse Cem' }).click();
  await cem.hasState('failed');
  await shows(cem, 'You were not let in');
  assert.deepEqual([...ann.pageErrors, ...bob.pageErrors, ...cem.pageErrors], []);
});

test('a room stays locked when the server is restarted: its people come back, who waits goes on waiting', async () => {
  const room = stage.room();
  const [ann, bob] = [await stage.join(room, 'Ann'), await stage.join(room, 'Bob')];
  await ann.run((element) => element.lockRoom(true), undefined);
  const cem = await stage.enter(room, 'Cem');
  // What tells of who knocks, and the words for that, cannot be loaded before the server is back.
  const failed = [ann, cem].map((person) => person.page.waitForEvent('requestfailed'));
  await ann.page.route(/people-\w+\.js$/, (route) => route.abort());
  await cem.page.route(/index-\w+\.js$/, (route) => route.abort());
  await cem.page.getByRole('button', { name: 'Join' }).click();
  await cem.hasState('waiting');
  await Promise.all(failed);
  await stage.server.down();
  await Promise.all([ann.page, cem.page].map((page) => page.unrouteAll()));
  await Promise.all([ann, bob].map((person) => person.hasState('reconnecting')));
  await stage.server.up();
  await cem.run((element) => (element.muted = true), undefined);
  await shows(cem, 'You will be let in soon');
  assert.equal(await upgradeAs(await ann.id()), 400, 'Nobody comes with the id of the moderator');
  await Promise.all([ann, bob].map((person) => person.hasState('joined')));
  await ann.page.getByRole('button', { name: 'Admit Cem' }).waitFor();
  const dan = await stage.enter(room, 'Dan', 'autojoin');
  await dan.hasState('waiting');
  assert.deepEqual(await roles(ann), ['moderator', 'member']);
  assert.equal(await cem.run((element) => element.state, undefined), 'waiting');
  await ann.page.getByRole('button', { name: 'Admit Cem' }).click();
  await cem.hasState('joined');
});

test('who is removed is out at once, and is told', async () => {
  const room = stage.room();
  const [ann, bob] = [await stage.join(room, 'Ann'), await stage.join(room, 'Bob')];
  await perceiveEachOther({ Ann: ann, Bob: bob });
  await ann.page.getByRole('button', { name: 'People', exact: true }).click();
  await ann.page.getByRole('button', { name: 'Actions for Bob' }).click();
  await ann.page.getByRole('button', { name: 'Remove', exact: true }).click();
  await ann.page.getByRole('group', { name: /Remove Bob/ }).waitFor();
  await ann.page.getByRole('button', { name: 'Remove', exact: true }).click();
  await bob.hasState('failed');
  await shows(bob, 'You were removed');
  assert.equal(await bob.run((element) => element.error?.code, undefined), 'removed');
  await ann.sees(1);
  await until(async () => (await ann.openConnections()) === 0, 'the connection to close');
  assert.equal(await bob.openConnections(), 0);
});

test('a host mutes others, who can talk again when they want, and nobody else can', async () => {
  const room = stage.room();
  const [ann, bob] = [await stage.join(room, 'Ann'), await stage.join(room, 'Bob')];
  await perceives(ann, [{ name: 'Bob' }]);
  await ann.run((element, id) => element.muteParticipant(id), await bob.id());
  await happened(ann, { type: 'microphone-change', name: 'Bob', value: 'off' });
  await shows(bob, /A host muted your microphone/);
  const refused = await bob.run(
    (element, id) =>
      element.muteParticipant(id).then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      ),
    await ann.id(),
  );
  assert.equal(refused, 'not-moderator');
  await bob.run((element) => element.toggleMicrophone(true), undefined);
  await perceives(ann, [{ name: 'Bob' }]);
});

test('the host ends the call for everyone; who leaves instead hands over', async () => {
  const room = stage.room();
  const [ann, bob] = [await stage.join(room, 'Ann'), await stage.join(room, 'Bob')];
  const cem = await stage.join(room, 'Cem');
  await Promise.all([ann, bob, cem].map((person) => person.sees(3)));
  await ann.run((element) => element.leave(), undefined);
  await until(async () => (await roles(bob))[0] === 'moderator', 'the next host');
  await shows(bob, /You are the host now/);
  await bob.run((element) => element.endCall(), undefined);
  await bob.hasState('left');
  await cem.hasState('failed');
  await shows(cem, 'The call has ended');
  assert.equal(await cem.run((element) => element.error?.code, undefined), 'call-ended');
});

test('a viewer sees, hears and writes, and publishes nothing', async () => {
  const room = stage.room();
  const ann = await withToken(room, await token(room, { name: 'Ann', role: 'moderator' }));
  const viewer = await withToken(room, await token(room, { name: 'Vera', role: 'viewer' }));
  await perceives(viewer, [{ name: 'Ann' }]);
  await ann.sees(2);
  await happened(ann, { type: 'connection-change', name: 'Vera', value: 'connected' });
  assert.deepEqual(await roles(ann), ['moderator', 'viewer']);
  const own = (person: Person): Promise<number> =>
    person.run((element) => element.localParticipant!.stream.getTracks().length, undefined);
  assert.equal(await own(viewer), 0);
  assert.equal(await viewer.page.getByRole('button', { name: /microphone/i }).count(), 0);
  assert.equal(await viewer.page.getByRole('button', { name: /camera/i }).count(), 0);
  await viewer.run((element) => element.toggleCamera(true), undefined);
  assert.equal(await own(viewer), 0);
  await viewer.run((element) => element.sendMessage('Bravo'), undefined);
  await happened(ann, { type: 'chat-message' });
});

test('a viewer sees a screen and a late camera as what they are', async () => {
  const room = stage.room();
  const viewer = await withToken(room, await token(room, { name: 'Vera', role: 'viewer' }));
  await viewer.hasState('joined');
  const ann = await withToken(room, await token(room, { name: 'Ann' }), 'autojoin camera-off');
  await perceives(viewer, [{ name: 'Ann', video: false }]);
  const share = ann.page.getByRole('button', { name: 'Share screen' });
  await share.click();
  await perceives(viewer, [{ name: 'Ann', video: false, screen: true }]);
  await ann.run((element) => element.toggleCamera(true), undefined);
  await perceives(viewer, [{ name: 'Ann', screen: true }]);
  await share.click();
  await perceives(viewer, [{ name: 'Ann' }]);
});

test('who has a name of the server keeps it, in the chat too', async () => {
  const room = stage.room();
  const ann = await withToken(room, await token(room, { name: 'Ann', role: 'moderator' }));
  const eve = await withToken(room, await token(room, { name: 'Eve' }));
  await perceiveEachOther({ Ann: ann, Eve: eve });
  await eve.run((element) => {
    element.name = 'Boss';
  }, undefined);
  await eve.run((element) => element.sendMessage('I am the boss'), undefined);
  await happened(ann, { type: 'chat-message' });
  const seen = await ann.run(
    (element) => [element.participants[1]?.name, element.messages[0]?.name],
    undefined,
  );
  assert.deepEqual(seen, ['Eve', 'Eve']);
  assert.equal(await eve.run((element) => element.localParticipant?.name, undefined), 'Eve');
});

test('what a modified viewer sends is not taken', async () => {
  const room = stage.room();
  const ann = await withToken(room, await token(room, { name: 'Ann', role: 'moderator' }));
  const eve = await withToken(room, await token(room, { name: 'Eve', role: 'viewer' }));
  await perceives(eve, [{ name: 'Ann' }]);
  // Past her element, over the data channel, where no server looks: she offers to send her camera.
  await eve.page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const connection = globalThis.watched.connections
      .map((reference) => reference.deref())
      .find((one) => one?.connectionState === 'connected')!;
    Object.assign(globalThis, { connection });
    for (const transceiver of connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      const [track] = kind === 'audio' ? stream.getAudioTracks() : stream.getVideoTracks();
      await transceiver.sender.replaceTrack(track!);
      transceiver.direction = 'sendrecv';
    }
  });
  await eve.page.waitForFunction(() => {
    const connection = Reflect.get(globalThis, 'connection') as RTCPeerConnection;
    return (
      connection.signalingState === 'stable' &&
      connection.currentLocalDescription?.sdp.includes('a=sendrecv')
    );
  });
  const answered = await eve.page.evaluate(() =>
    (Reflect.get(globalThis, 'connection') as RTCPeerConnection)
      .getTransceivers()
      .map(({ currentDirection }) => currentDirection),
  );
  assert.ok(answered.length > 0);
  assert.deepEqual(
    answered.filter((direction) => direction?.startsWith('send')),
    [],
  );
  const tracks = await ann.run(
    (element) => element.participants[1]!.stream.getTracks().length,
    undefined,
  );
  assert.equal(tracks, 0);
  assert.equal([...(await ann.received()).values()][0]?.framesDecoded, 0);
});

test('a token that has expired is asked for anew, and the call begins by itself with the new one', async () => {
  const room = stage.room();
  const person = await withToken(room, await token(room, { name: 'Ann', expiresIn: -60 }));
  await person.hasState('failed');
  await shows(person, 'Your access has expired');
  await person.run(
    (element, jwt) => element.setAttribute('token', jwt),
    await token(room, { name: 'Ann' }),
  );
  await person.hasState('joined');
  assert.equal(await person.run((element) => element.localParticipant?.name, undefined), 'Ann');
});

test('a call goes on when its token expires, and a rejoin asks the page for another', async () => {
  const room = stage.room();
  const long = { name: 'Bob', role: 'moderator' } as const;
  // Five seconds are forgiven for clocks that differ.
  const ann = await withToken(room, await token(room, { name: 'Ann', expiresIn: 10 }));
  await ann.hasState('joined');
  const bob = await withToken(room, await token(room, long));
  await perceiveEachOther({ Ann: ann, Bob: bob });
  const expiry = Date.now() + 16_000;
  await until(() => Date.now() > expiry, 'the token to expire', 30_000);
  await perceives(bob, [{ name: 'Ann' }]);
  await ann.run((element) => {
    Object.assign(globalThis, { asked: 0 });
    element.addEventListener('token-expired', () => {
      Object.assign(globalThis, { asked: 1 });
    });
  }, undefined);
  // The server forgets everyone; who returns shows a token.
  await closed.down();
  await closed.up();
  await ann.page.waitForFunction(() => Reflect.get(globalThis, 'asked') === 1, undefined, {
    timeout: 30_000,
  });
  // Sound and pictures have not noticed.
  await perceives(bob, [{ name: 'Ann' }]);
  assert.equal(await ann.state(), 'reconnecting');
  await ann.run(
    (element, jwt) => {
      element.token = jwt;
    },
    await token(room, { name: 'Ann' }),
  );
  await ann.hasState('joined', 30_000);
  await perceiveEachOther({ Ann: ann, Bob: bob });
});
