import { expect } from '@open-wc/testing';
import { measureEncodeTime } from '../../src/media/encode-time.ts';

describe('measureEncodeTime', () => {
  let track: MediaStreamTrack;
  /** The elements that showed a camera to be encoded. */
  const videos: HTMLVideoElement[] = [];
  const shown = (): unknown => videos.at(-1)?.srcObject ?? null;
  beforeEach(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    track = stream.getVideoTracks()[0]!;
    HTMLVideoElement.prototype.play = function () {
      videos.push(this);
      return HTMLMediaElement.prototype.play.call(this);
    };
  });
  afterEach(() => {
    Reflect.deleteProperty(HTMLVideoElement.prototype, 'play');
    track.stop();
  });

  it('says how long a picture takes, and leaves the camera alone then', async () => {
    expect(await measureEncodeTime(track)).to.be.greaterThan(0);
    expect(shown()).to.be.null;
  });

  for (const [owner, name] of [
    [globalThis, 'VideoEncoder'],
    [HTMLVideoElement.prototype, 'requestVideoFrameCallback'],
  ] as const)
    it(`cannot say without ${name}`, async () => {
      const kept = Object.getOwnPropertyDescriptor(owner, name)!;
      Reflect.deleteProperty(owner, name);
      try {
        expect(await measureEncodeTime(track)).to.be.undefined;
        expect(shown()).to.be.null;
      } finally {
        Object.defineProperty(owner, name, kept);
      }
    });

  it('leaves the camera alone when it cannot be encoded', async () => {
    track.getSettings = () => ({});
    await measureEncodeTime(track).then(
      () => expect.fail('it has no size'),
      () => undefined,
    );
    expect(shown()).to.be.null;
  });
});
