import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

const stage = Stage.set();

const SMALL = { width: 320, height: 240 };
const LARGE = { width: 1280, height: 800 };

interface Sent {
  readonly lines: number;
  readonly frames: number;
  readonly audioPackets: number;
  readonly codec: string;
}

/** What a person sends to the only other one. */
function sent(person: Person): Promise<Sent> {
  return person.page.evaluate(async () => {
    const open = watched.connections
      .map((one) => one.deref())
      .find((one) => one?.connectionState === 'connected');
    const result = { lines: 0, frames: 0, audioPackets: 0, codec: '' };
    const report = await open?.getStats();
    report?.forEach((entry: Record<string, unknown>) => {
      if (entry['type'] !== 'outbound-rtp') return;
      const { mimeType = '' } = (report.get(String(entry['codecId'])) ?? {}) as {
        mimeType?: string;
      };
      if (entry['kind'] === 'audio') result.audioPackets = Number(entry['packetsSent']);
      else {
        result.codec = mimeType;
        result.lines = Number(entry['frameHeight'] ?? 0);
        result.frames = Number(entry['framesEncoded'] ?? 0);
      }
    });
    return result;
  });
}

/** Waits until so many lines are sent, and go on being sent. */
async function sendsLines(person: Person, isRight: (lines: number) => boolean, what: string) {
  let last: Sent = { lines: 0, frames: 0, audioPackets: 0, codec: '' };
  await until(async () => {
    const before = last;
    last = await sent(person);
    return isRight(last.lines) && last.frames > before.frames;
  }, what);
}

/** Waits until sound is sent and pictures are not. */
async function sendsNoPictures(person: Person): Promise<void> {
  let since = await sent(person);
  await until(async () => {
    const last = await sent(person);
    if (last.frames !== since.frames) since = last;
    // A second of sound without a picture.
    return last.audioPackets >= since.audioPackets + 50;
  }, 'the pictures to end and the sound to go on');
}

const bothIn = async (): Promise<[Person, Person]> => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.caller(room), stage.caller(room)]);
  await areInCall(ann, bob);
  return [ann, bob];
};

test('a picture is sent as large as it is drawn', async () => {
  const [ann, bob] = await bothIn();
  await bob.page.setViewportSize(SMALL);
  await sendsLines(ann, (lines) => lines > 0 && lines <= 360, 'a small picture');
  await bob.page.setViewportSize(LARGE);
  await sendsLines(ann, (lines) => lines > 360, 'the whole picture');
  await areInCall(ann, bob);
});

test('what nobody sees is not sent, and is back when it is looked at', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([
    stage.caller(room),
    stage.visit(
      `<video-call room="${room}" autojoin></video-call><div style="height: 3000px"></div>`,
    ),
  ]);
  await areInCall(ann, bob);
  await bob.page.evaluate(() => {
    scrollTo(0, 2_500);
  });
  await sendsNoPictures(ann);
  await bob.page.evaluate(() => {
    scrollTo(0, 0);
  });
  await sendsLines(ann, (lines) => lines > 0, 'the pictures to go on');
  await areInCall(ann, bob);
});

test('the quality attribute is a ceiling for what is sent and for what is asked for', async () => {
  const [ann, bob] = await bothIn();
  await bob.page.setViewportSize(LARGE);
  await ann.page.setViewportSize(LARGE);
  await sendsLines(ann, (lines) => lines > 360, 'the whole picture');
  await sendsLines(bob, (lines) => lines > 360, 'the whole picture');
  await bob.run((element) => {
    element.quality = 'low';
  }, undefined);
  await sendsLines(ann, (lines) => lines <= 180, 'what is asked for');
  await sendsLines(bob, (lines) => lines <= 180, 'what is sent');
  await bob.run((element) => {
    element.removeAttribute('quality');
    element.quality = 'auto';
  }, undefined);
  await sendsLines(ann, (lines) => lines > 360, 'all of it again');
  await sendsLines(bob, (lines) => lines > 360, 'all of it again');
});

test('the picture of one participant is not taken, and taken again', async () => {
  const [ann, bob] = await bothIn();
  const receive = (on: boolean): Promise<void> =>
    bob.run(async (element, isWanted) => {
      const other = element.participants.find(({ isLocal }) => !isLocal)!;
      await element.receiveVideo(other.id, isWanted);
    }, on);
  await receive(false);
  await sendsNoPictures(ann);
  const stopped = await bob.run(
    (element) => element.participants.map(({ isVideoStopped }) => isVideoStopped),
    undefined,
  );
  assert.deepEqual(stopped, [false, true]);
  await receive(true);
  await sendsLines(ann, (lines) => lines > 0, 'the pictures to go on');
  await areInCall(ann, bob);
});

test('each picture has the codec that suits its size', async () => {
  const [ann, bob] = await bothIn();
  const sendsAs = (codec: string): Promise<void> =>
    until(async () => (await sent(ann)).codec === `video/${codec}`, codec);
  await bob.page.setViewportSize(LARGE);
  await sendsLines(ann, (lines) => lines > 360, 'the whole picture');
  await sendsAs('H264');
  await bob.run((element) => {
    element.quality = 'low';
  }, undefined);
  await sendsAs('VP8');
  await areInCall(ann, bob);
  await bob.run((element) => {
    element.quality = 'high';
  }, undefined);
  await sendsAs('H264');
  await areInCall(ann, bob);
});

test('silence costs next to nothing', async () => {
  const [ann, bob] = await bothIn();
  await ann.run((element) => element.toggleMicrophone(false), undefined);
  let since = await sent(ann);
  // Without pauses there are 50 packets a second, and 30 pictures at most.
  await until(async () => {
    const last = await sent(ann);
    const packets = last.audioPackets - since.audioPackets;
    const frames = last.frames - since.frames;
    if (frames > 100) since = last;
    return frames > 50 && packets * 2 < frames;
  }, 'pauses');
  await ann.run((element) => element.toggleMicrophone(true), undefined);
  await areInCall(ann, bob);
});

/** Packets for a second of sound, on the way to each of the others. */
async function packetRates(person: Person): Promise<number[]> {
  const look = (): Promise<{ packets: number; seconds: number }[]> =>
    person.page.evaluate(() =>
      Promise.all(
        watched.connections
          .flatMap((one) => one.deref() ?? [])
          .filter((one) => one.connectionState === 'connected')
          .map(async (one) => {
            const sound = { packets: 0, seconds: 0 };
            (await one.getStats()).forEach((entry: Record<string, unknown>) => {
              if (entry['kind'] !== 'audio') return;
              if (entry['type'] === 'outbound-rtp') sound.packets = Number(entry['packetsSent']);
              if (entry['type'] === 'media-source')
                sound.seconds = Number(entry['totalSamplesDuration']);
            });
            return sound;
          }),
      ),
    );
  const since = await look();
  let rates: number[] = [];
  await until(async () => {
    const now = await look();
    const seconds = now.map((one, n) => one.seconds - (since[n]?.seconds ?? NaN));
    rates = now.map((one, n) => (one.packets - (since[n]?.packets ?? NaN)) / seconds[n]!);
    return seconds.every((one) => one > 1);
  }, 'a second of sound');
  return rates;
}

test('among many, sound goes in a third as many packets', async () => {
  const room = stage.room();
  const all = await Promise.all(
    Array.from({ length: 5 }, () => stage.caller(room, 'audio-only name="Ann"')),
  );
  const [ann, ...others] = all as [Person, ...Person[]];
  await Promise.all(all.map((one) => one.sees(5)));
  await Promise.all(all.map((one) => one.receives(4, { video: false })));
  const haveRates = async (isRight: (rate: number) => boolean): Promise<void> => {
    let rates: number[] = [];
    await until(
      async () => {
        rates = await packetRates(ann);
        return rates.length > 0 && rates.every(isRight);
      },
      () => `the packets of a second, not ${rates.join(', ')}`,
    );
  };
  await haveRates((rate) => rate < 21);
  await others.pop()!.close();
  await ann.sees(4);
  await haveRates((rate) => rate > 40);
  await Promise.all([ann, ...others].map((one) => one.receives(3, { video: false })));
});
