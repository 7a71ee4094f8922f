import type { PictureKind } from './picture-sender.ts';

/** A codec as both sides of a link know it (webrtc, section 5.2: `RTCRtpCodecParameters`). */
export interface Codec {
  readonly mimeType: string;
}

/**
 * Best first, from "npm run bench -- codecs". Of a moving picture H264 takes half the processor time of VP8 and looks the
 * same; of a screen AV1 takes half the bits and is sharper, in the same time.
 */
const CAMERA = ['H264', 'VP8'];
const SCREEN = ['AV1', 'VP9', 'H264', 'VP8'];
/** Fewer lines than these look worse as H264 than as VP8. */
export const SMALL = 240;
/** With so many links, half the time matters more. */
const CROWD = 5;

/** Names of the codecs, best first, that this device encodes in hardware: asked of the browser. */
export async function hardwareCodecs(): Promise<readonly string[]> {
  const names = await Promise.all(
    ['H264', 'VP9', 'AV1'].map(async (name) => {
      const { powerEfficient } = await navigator.mediaCapabilities.encodingInfo({
        type: 'webrtc',
        video: {
          contentType: `video/${name}`,
          width: 1_280,
          height: 720,
          framerate: 30,
          bitrate: 2_500_000,
        },
      });
      return powerEfficient ? name : '';
    }),
  );
  return names.filter(Boolean);
}

/**
 * The codec for a picture, of those that a link has; undefined: what the browser takes by itself. `isMeagre`: it has few
 * lines, or few bits.
 */
export function chooseCodec<T extends Codec>(
  codecs: readonly T[],
  kind: PictureKind,
  isMeagre: boolean,
  links: number,
  hardware: readonly string[],
): T | undefined {
  const software = kind === 'screen' ? SCREEN : isMeagre && links < CROWD ? ['VP8'] : CAMERA;
  for (const name of kind === 'screen' ? software : [...hardware, ...software]) {
    const found = codecs.find(({ mimeType }) => mimeType === `video/${name}`);
    if (found) return found;
  }
  return undefined;
}
