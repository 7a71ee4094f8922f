import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestBrowser } from '../test/e2e/harness/browser.ts';
import { movingCamera, SOURCE } from './lib/camera.ts';
import { tryCodec, type CodecSeen } from './lib/codec-page.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const CODECS = { VP8: 'vp8', VP9: 'vp09.00.31.08', H264: 'avc1.42001f', AV1: 'av01.0.05M.08' };

/** As the element sends them: large, in a grid, small; and a screen. */
const PICTURES = [
  { what: 'camera', width: 1_280, height: 720, frameRate: 30, bitrate: 2_500_000 },
  { what: 'camera', width: 640, height: 360, frameRate: 20, bitrate: 1_200_000 },
  { what: 'camera', width: 640, height: 360, frameRate: 20, bitrate: 600_000 },
  { what: 'camera', width: 320, height: 180, frameRate: 15, bitrate: 300_000 },
  { what: 'camera', width: 320, height: 180, frameRate: 15, bitrate: 150_000 },
  { what: 'screen', width: 1_280, height: 720, frameRate: 10, bitrate: 2_500_000 },
  { what: 'screen', width: 1_280, height: 720, frameRate: 10, bitrate: 1_000_000 },
] as const;

/** What each codec of this browser takes and gives, by its own encoders and decoders (WebCodecs), one picture after the other. */
export async function measureCodecs({ isQuick }: Options): Promise<string> {
  const camera = movingCamera();
  const file = camera.flag.slice(camera.flag.indexOf('=') + 1);
  const server = createServer((request, response) => {
    if (request.url === '/camera') createReadStream(file).pipe(response);
    else response.setHeader('content-type', 'text/html').end('<!doctype html>');
  });
  server.listen(0);
  const { port } = server.address() as AddressInfo;
  const browser = await TestBrowser.launch();
  try {
    const { page } = await browser.visit(`http://localhost:${port}/`);
    const rows: string[][] = [];
    for (const picture of PICTURES)
      for (const [name, codec] of Object.entries(CODECS)) {
        const times = isQuick ? 1 : 3;
        const seen: CodecSeen | undefined = await page.evaluate(tryCodec, {
          ...picture,
          codec,
          times,
          source: SOURCE,
        });
        const { what, width, height, frameRate, bitrate } = picture;
        rows.push([
          `${what} ${width}×${height} at ${frameRate}, ${bitrate / 1_000} kbit/s`,
          name,
          seen ? seen.kilobits.toFixed(0) : 'not in this browser',
          seen ? seen.milliseconds.toFixed(2) : '',
          seen ? seen.psnr.toFixed(1) : '',
        ]);
      }
    return table(['picture', 'codec', 'kbit/s used', 'ms a frame', 'PSNR, dB'], rows);
  } finally {
    await browser.close();
    server.close();
    camera.remove();
  }
}
