import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBrowser } from './harness/browser.ts';
import type { Person } from './harness/person.ts';
import { audioProcess } from './harness/processes.ts';
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

const stage = CallStage.set({ browser: ['--use-fake-device-for-media-stream=device-count=3'] });

const ANN: Wanted = { name: 'Ann' };
const BOB: Wanted = { name: 'Bob' };

async function annAndBob(attributes = ''): Promise<[Person, Person]> {
  const room = stage.room();
  return Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob', attributes)]);
}

/** Keeps the person's own tracks, to be looked at when they are not in the stream any more. */
async function keepTracks(person: Person): Promise<() => Promise<Record<string, string>>> {
  await person.run((element) => {
    Object.assign(globalThis, { kept: element.localParticipant!.stream.getTracks() });
  }, undefined);
  return () =>
    person.page.evaluate(() => {
      const { kept } = globalThis as unknown as { kept: MediaStreamTrack[] };
      return Object.fromEntries(kept.map(({ kind, readyState }) => [kind, readyState]));
    });
}

const press = (person: Person, name: string): Promise<void> =>
  person.page.locator('video-call-controls').getByRole('button', { name, exact: true }).click();

/** Connections that were ever made, closed ones included. */
const everConnected = (person: Person): Promise<number> =>
  person.page.evaluate(() => globalThis.watched.connections.length);

test('the microphone is switched off and on by its button, and nothing is heard meanwhile', async () => {
  const [ann, bob] = await annAndBob();
  await perceives(ann, [BOB]);
  const since = await now(ann);
  await press(bob, 'Microphone');
  await happened(ann, { type: 'microphone-change', name: 'Bob', value: 'off' }, { since });
  await ann.page.getByRole('group', { name: 'Bob, microphone off' }).waitFor();
  await fallsSilent(ann, 'Bob', 'energy');
  await perceives(ann, [{ ...BOB, audio: false }]);

  await press(bob, 'Microphone');
  await happened(ann, { type: 'microphone-change', name: 'Bob', value: 'on' }, { since });
  await perceives(ann, [BOB]);
  assert.equal(await everConnected(ann), 1);
});

test('the camera is switched off and on by its button, and its light goes out meanwhile', async () => {
  const [ann, bob] = await annAndBob();
  await perceives(ann, [BOB]);
  const states = await keepTracks(bob);
  const since = await now(ann);
  await press(bob, 'Camera');
  await happened(ann, { type: 'camera-change', name: 'Bob', value: 'off' }, { since });
  assert.deepEqual(await states(), { audio: 'live', video: 'ended' });
  await fallsSilent(ann, 'Bob', 'frames');
  await perceives(ann, [{ ...BOB, video: false }]);

  await press(bob, 'Camera');
  await happened(ann, { type: 'camera-change', name: 'Bob', value: 'on' }, { since });
  await perceives(ann, [BOB]);
  await perceives(bob, [ANN]);
  assert.equal(await everConnected(ann), 1);
});

test('who joins with everything off switches it on late', async () => {
  const [ann, bob] = await annAndBob('camera-off muted');
  await perceives(bob, [ANN]);
  await perceives(ann, [{ ...BOB, video: false, audio: false }]);
  const captured = await bob.run(
    (element) => element.localParticipant!.stream.getTracks().length,
    undefined,
  );
  assert.equal(captured, 0);
  await press(bob, 'Camera');
  await perceives(ann, [{ ...BOB, audio: false }]);
  await press(bob, 'Microphone');
  await perceives(ann, [BOB]);
  await perceives(bob, [ANN]);
  assert.equal(await everConnected(ann), 1);
});

test('two who both joined with everything off switch it on in the same instant', async () => {
  const room = stage.room();
  const attributes = 'camera-off muted';
  const [ann, bob] = await Promise.all([
    stage.join(room, 'Ann', attributes),
    stage.join(room, 'Bob', attributes),
  ]);
  const nothing = { video: false, audio: false };
  await Promise.all([
    perceives(ann, [{ ...BOB, ...nothing }]),
    perceives(bob, [{ ...ANN, ...nothing }]),
  ]);
  const switchOn = (person: Person): Promise<unknown> =>
    person.run((element) => Promise.all([element.toggleCamera(), element.toggleMicrophone()]), 0);
  await Promise.all([switchOn(ann), switchOn(bob)]);
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  assert.equal(await everConnected(ann), 1);
});

test('somebody who only watches sees and hears, and is seen as initials', async () => {
  const [ann, bob] = await annAndBob('view-only');
  await perceives(bob, [ANN]);
  await perceives(ann, [{ ...BOB, video: false, audio: false }]);
  assert.equal(await bob.page.getByRole('button', { name: 'Camera' }).count(), 0);
  assert.equal(await bob.page.getByRole('button', { name: 'Microphone' }).count(), 0);
  await bob.run((element) => element.toggleCamera(true), undefined);
  await bob.run((element) => element.toggleMicrophone(true), undefined);
  const { microphone, camera } = await bob.run((element) => {
    const { stream } = element.localParticipant!;
    return { microphone: stream.getAudioTracks().length, camera: stream.getVideoTracks().length };
  }, undefined);
  assert.deepEqual({ microphone, camera }, { microphone: 0, camera: 0 });
});

test('two who only watch are in the call with someone who does not', async () => {
  const room = stage.room();
  const [ann, bob, cem] = await Promise.all([
    stage.join(room, 'Ann'),
    stage.join(room, 'Bob', 'view-only'),
    stage.join(room, 'Cem', 'view-only'),
  ]);
  const watches = { video: false, audio: false };
  await perceives(bob, [ANN, { name: 'Cem', ...watches }]);
  await perceives(cem, [ANN, { ...BOB, ...watches }]);
  await perceives(ann, [
    { ...BOB, ...watches },
    { name: 'Cem', ...watches },
  ]);
});

test('who takes part by sound only gets and sends no picture', async () => {
  const [ann, bob] = await annAndBob('audio-only');
  await perceives(ann, [{ ...BOB, video: false }]);
  await perceives(bob, [{ ...ANN, video: false }]);
  const frames = await bob.page.evaluate(async () =>
    [...(await seen.counts()).values()].reduce((sum, count) => sum + count.frames, 0),
  );
  assert.equal(frames, 0);
  const tracks = await bob.run(
    (element) => element.localParticipant!.stream.getTracks().map(({ kind }) => kind),
    undefined,
  );
  assert.deepEqual(tracks, ['audio']);

  // Hot, both ways, on the same connection.
  await bob.run((element) => {
    element.audioOnly = false;
  }, undefined);
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  await bob.run((element) => {
    element.audioOnly = true;
  }, undefined);
  await fallsSilent(bob, 'Ann', 'frames');
  await Promise.all([
    perceives(ann, [{ ...BOB, video: false }]),
    perceives(bob, [{ ...ANN, video: false }]),
  ]);
  assert.equal(await everConnected(ann), 1);
});

test('somebody without any device sees and hears, and is seen as initials', async () => {
  // Chromium's fake microphones cannot be taken away by a flag.
  const noMicrophone = `<script>{
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = function (constraints) {
      if (constraints.audio) throw new DOMException('Requested device not found', 'NotFoundError');
      return getUserMedia.call(this, constraints);
    };
  }</script>`;
  const bare = await TestBrowser.launch('--use-fake-device-for-media-stream=device-count=0');
  try {
    const room = stage.room();
    const [ann, bob] = await Promise.all([
      stage.join(room, 'Ann'),
      stage.join(room, 'Bob', '', { browser: bare, head: noMicrophone }),
    ]);
    await perceives(bob, [ANN]);
    await perceives(ann, [{ ...BOB, video: false, audio: false }]);
    const errors = await bob.page.evaluate(() =>
      seen.events.filter(({ type }) => type === 'call-error').map(({ value }) => value),
    );
    assert.deepEqual(errors.sort(), ['camera-missing', 'microphone-missing']);
  } finally {
    await bare.close();
  }
});

test('another camera and microphone are chosen during the call, on the same connection', async () => {
  const [ann, bob] = await annAndBob();
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  const since = await now(ann);
  const tracks = await keepTracks(bob);
  const chosen = await bob.run(async (element) => {
    // The second camera has another size than the first, so that its picture is known on the other side.
    const devices = navigator.mediaDevices;
    const { getUserMedia } = MediaDevices.prototype;
    devices.getUserMedia = (constraints = {}) =>
      getUserMedia.call(devices, constraints).then(async (stream) => {
        for (const track of stream.getVideoTracks())
          await track.applyConstraints({ width: 160, height: 120, frameRate: 10 });
        return stream;
      });
    const listed = await devices.enumerateDevices();
    const id = (kind: string): string =>
      listed.filter((device) => device.kind === kind).at(-1)!.deviceId;
    const ids = { camera: id('videoinput'), microphone: id('audioinput') };
    await element.setDevice('camera', ids.camera);
    await element.setDevice('microphone', ids.microphone);
    return ids;
  }, undefined);
  assert.deepEqual(await tracks(), { audio: 'ended', video: 'ended' });
  const sent = await bob.page.evaluate(() =>
    Object.fromEntries(
      globalThis.watched.connections
        .flatMap((reference) => reference.deref()?.getSenders() ?? [])
        .flatMap(({ track }) => (track ? [track] : []))
        .map((track) => [track.kind, track.getSettings().deviceId]),
    ),
  );
  assert.deepEqual(sent, { audio: chosen.microphone, video: chosen.camera });
  await until(
    () =>
      ann.page.evaluate(() =>
        seen
          .deep('video-call-tile video, video')
          .some((video) => (video as HTMLVideoElement).videoWidth === 160),
      ),
    "the second camera's picture",
  );
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  await happened(bob, { type: 'device-change' });
  const changes = await eventsSince(
    ann,
    since,
    'connection-change',
    'participant-left',
    'camera-change',
    'microphone-change',
  );
  assert.deepEqual(changes, []);
  assert.equal(await everConnected(ann), 1);
});

test('the loudspeaker is chosen during the call', async () => {
  const [ann] = await annAndBob();
  await perceives(ann, [BOB]);
  const id = await ann.run(async (element) => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const wanted = devices.filter(({ kind }) => kind === 'audiooutput').at(-1)!.deviceId;
    await element.setDevice('speaker', wanted);
    return wanted;
  }, undefined);
  await until(async () => {
    const sinks = await ann.page.evaluate(() =>
      seen.deep('audio').map((sink) => (sink as HTMLAudioElement).sinkId),
    );
    return sinks.length === 1 && sinks[0] === id;
  }, 'the sound to go there');
  await perceives(ann, [BOB]);
});

test("the browser's audio process crashes: everybody is seen throughout, and heard again", async () => {
  const [ann, bob] = await annAndBob();
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
  const id = await audioProcess(stage.browser);
  // Only Linux says which process it is.
  if (id === undefined) return;
  process.kill(id, 'SIGKILL');
  await until(
    async () => ![id, undefined].includes(await audioProcess(stage.browser)),
    'another audio process',
  );
  await Promise.all([perceives(ann, [BOB]), perceives(bob, [ANN])]);
});
