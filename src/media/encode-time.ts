/** Pictures to encode: many enough for the first ones, while the encoder is still being set up, not to matter. */
const PICTURES = 24;
/** Milliseconds: a camera that gives too few pictures in that time is not waited for. */
const PATIENCE = 4_000;

/**
 * Milliseconds that this machine takes to encode a million pixels of the camera's picture, as a call would. Undefined where
 * the browser has no encoder of H264 to try (WebCodecs, section 6), or does not tell of each picture, or no picture comes.
 */
export async function measureEncodeTime(track: MediaStreamTrack): Promise<number | undefined> {
  const { width = 0, height = 0 } = track.getSettings();
  const video = document.createElement('video');
  if (!('VideoEncoder' in globalThis && 'requestVideoFrameCallback' in video)) return undefined;
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    const codec = 'avc1.42001f';
    const times = await encode(video, { codec, width, height, latencyMode: 'realtime' });
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    return median && (median * 1e6) / (width * height);
  } finally {
    // It would go on playing, unseen.
    video.srcObject = null;
  }
}

/** How long the encoder had each picture, in milliseconds. */
function encode(video: HTMLVideoElement, config: VideoEncoderConfig): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = [];
    let given = 0;
    let givenAt = 0;
    const finish = (): void => {
      clearTimeout(timer);
      if (encoder.state !== 'closed') encoder.close();
      resolve(times);
    };
    const encoder = new VideoEncoder({
      output: () => {
        times.push(performance.now() - givenAt);
        if (times.length === PICTURES) finish();
      },
      error: finish,
    });
    encoder.configure(config);
    const timer = setTimeout(finish, PATIENCE);
    const give = (): void => {
      if (encoder.state === 'closed') return;
      video.requestVideoFrameCallback(give);
      // One at a time, so that none waits for another.
      if (given > times.length) return;
      const picture = new VideoFrame(video);
      given++;
      givenAt = performance.now();
      encoder.encode(picture);
      picture.close();
    };
    video.requestVideoFrameCallback(give);
  });
}
