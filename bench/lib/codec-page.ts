export interface CodecTask {
  readonly what: 'camera' | 'screen';
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly bitrate: number;
  readonly codec: string;
  /** How often all pictures are encoded; the first time does not count for their quality. */
  readonly times: number;
  /** Of the file at `/camera`. */
  readonly source: { readonly width: number; readonly height: number; readonly frameRate: number };
}

export interface CodecSeen {
  readonly kilobits: number;
  readonly milliseconds: number;
  /** Of brightness, after the best straight line: some decoders give another range. */
  readonly psnr: number;
}

/** In a page: encodes pictures as a call does, decodes them, and compares. Undefined when the browser lacks the codec. */
export async function tryCodec(task: CodecTask): Promise<CodecSeen | undefined> {
  const { width, height, frameRate, codec, bitrate, source } = task;
  const config: VideoEncoderConfig = {
    codec,
    width,
    height,
    bitrate,
    framerate: frameRate,
    latencyMode: 'realtime',
    contentHint: task.what === 'screen' ? 'detail' : 'motion',
    ...(codec.startsWith('avc1') ? { avc: { format: 'annexb' } } : {}),
  };
  if (!(await VideoEncoder.isConfigSupported(config)).supported) return undefined;
  const paper = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  const take = (): Uint8ClampedArray<ArrayBuffer> => paper.getImageData(0, 0, width, height).data;

  const filmed = async (): Promise<Uint8ClampedArray<ArrayBuffer>[]> => {
    const file = new Uint8Array(await (await fetch('/camera')).arrayBuffer());
    const size = (source.width * source.height * 3) / 2;
    const marker = 'FRAME\n'.length;
    const pictures = [];
    const step = (size + marker) * Math.round(source.frameRate / frameRate);
    for (let at = file.indexOf(10) + 1; at + marker + size <= file.length; at += step) {
      const frame = new VideoFrame(file.subarray(at + marker, at + marker + size), {
        format: 'I420',
        codedWidth: source.width,
        codedHeight: source.height,
        timestamp: 0,
      });
      paper.drawImage(frame, 0, 0, width, height);
      frame.close();
      pictures.push(take());
    }
    return pictures;
  };
  // Pages of text: one is scrolled for a moment, read, and turned.
  const read = (): Uint8ClampedArray<ArrayBuffer>[] =>
    Array.from({ length: 80 }, (_, n) => {
      paper.fillStyle = '#fff';
      paper.fillRect(0, 0, width, height);
      paper.font = '14px sans-serif';
      let seed = Math.floor(n / 20) * 7_919 + 1;
      for (let line = 0; line < 60; line++) {
        let text = '';
        while (text.length < 120) {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
          text += `${(seed >> 8).toString(36)} `;
        }
        paper.fillStyle = line % 3 === 0 ? '#063' : '#124';
        paper.fillText(text, 20, 20 * line - 24 * Math.min(n % 20, 6));
      }
      return take();
    });
  const pictures = task.what === 'screen' ? read() : await filmed();

  const chunks: EncodedVideoChunk[] = [];
  const encoder = new VideoEncoder({
    output: (chunk) => chunks.push(chunk),
    error: (error) => {
      throw error;
    },
  });
  encoder.configure(config);
  const count = pictures.length * task.times;
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const frame = new VideoFrame(pictures[n % pictures.length]!, {
      format: 'RGBA',
      codedWidth: width,
      codedHeight: height,
      timestamp: (n * 1e6) / frameRate,
    });
    encoder.encode(frame, { keyFrame: n === 0 });
    frame.close();
    while (encoder.encodeQueueSize > 2) await new Promise((resolve) => setTimeout(resolve));
  }
  await encoder.flush();
  const milliseconds = (performance.now() - began) / count;
  encoder.close();

  const brightness = (data: Uint8ClampedArray): Float64Array =>
    Float64Array.from(
      { length: data.length / 4 },
      (_, n) => 0.299 * data[4 * n]! + 0.587 * data[4 * n + 1]! + 0.114 * data[4 * n + 2]!,
    );
  const originals = pictures.map(brightness);
  const likeness = (shown: Float64Array, original: Float64Array): number => {
    let [x, y, xx, xy] = [0, 0, 0, 0];
    const length = shown.length;
    for (let n = 0; n < length; n++) {
      x += shown[n]!;
      y += original[n]!;
      xx += shown[n]! ** 2;
      xy += shown[n]! * original[n]!;
    }
    const slope = (length * xy - x * y) / (length * xx - x * x);
    const offset = (y - slope * x) / length;
    let error = 0;
    for (let n = 0; n < length; n++) error += (slope * shown[n]! + offset - original[n]!) ** 2;
    return 10 * Math.log10((255 * 255 * length) / error);
  };
  const all: number[] = [];
  const decoder = new VideoDecoder({
    output: (frame) => {
      const n = Math.round((frame.timestamp * frameRate) / 1e6);
      if (n >= pictures.length || task.times === 1) {
        paper.drawImage(frame, 0, 0, width, height);
        all.push(likeness(brightness(take()), originals[n % originals.length]!));
      }
      frame.close();
    },
    error: (error) => {
      throw error;
    },
  });
  decoder.configure({ codec, codedWidth: width, codedHeight: height });
  for (const chunk of chunks) decoder.decode(chunk);
  await decoder.flush();
  decoder.close();
  const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    kilobits: (bytes * 8 * frameRate) / count / 1_000,
    milliseconds,
    psnr: all.reduce((sum, one) => sum + one, 0) / all.length,
  };
}
