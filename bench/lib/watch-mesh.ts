/** A picture of somebody else on the page. */
export interface TileSample {
  /** By the clock of the page, in milliseconds. */
  readonly at: number;
  /** Frames that were handed to be drawn since the picture is there. */
  readonly frames: number;
  /** Device pixels of the tile, and those of the picture that it would need to fill it, in parts of the source. */
  readonly needed: number;
  /** The picture as it was decoded. */
  readonly width: number;
  readonly height: number;
}

/** What one page knows at one moment; everything that counts up counts since the connection is there. */
export interface Sample {
  readonly at: number;
  readonly isVisible: boolean;
  readonly connected: number;
  readonly bytesSent: number;
  /** By connection and encoder: the frames, and the pixels of the last one. */
  readonly encoders: Readonly<Record<string, { readonly frames: number; readonly area: number }>>;
  /** Of the camera: frames since it is sent, and its size. */
  readonly camera: { readonly frames: number; readonly size: string };
  /** By connection. */
  readonly energies: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly lostSamples: number;
  /** Of the pictures on the page. */
  readonly freezes: number;
  readonly frozen: number;
  readonly tiles: Readonly<Record<string, TileSample>>;
  /** In CSS pixels, the own one first. */
  readonly places: readonly (readonly [x: number, y: number, width: number, height: number])[];
}
declare global {
  var mesh: { sample(source: { width: number; height: number }): Promise<Sample> };
}

/** Runs in the page before everything else, the same in every kind of page. */
export function watchMesh(): void {
  const connections: WeakRef<RTCPeerConnection>[] = [];
  const remote = new WeakSet<MediaStreamTrack>();
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(new WeakRef(this));
      this.addEventListener('track', ({ track }) => remote.add(track));
    }
  };

  const ids = new WeakMap<HTMLVideoElement, string>();
  let count = 0;
  const within = (root: ParentNode): HTMLVideoElement[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element instanceof HTMLVideoElement ? [element] : []),
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  const trackOf = ({ srcObject }: HTMLVideoElement): MediaStreamTrack | undefined =>
    srcObject instanceof MediaStream ? srcObject.getVideoTracks()[0] : undefined;
  const isOwn = (video: HTMLVideoElement): boolean => !remote.has(trackOf(video)!);
  const isInView = (video: HTMLVideoElement): boolean => {
    const { top, left, bottom, right, width } = video.getBoundingClientRect();
    const isInside = top < innerHeight && left < innerWidth && bottom > 0 && right > 0;
    return isInside && width > 0 && video.checkVisibility({ visibilityProperty: true });
  };

  // The number comes with the next frame only; a picture that stands still has the last one that came.
  const drawn = new WeakMap<HTMLVideoElement, number>();
  const PATIENCE = 1_500;
  const framesOf = async (video: HTMLVideoElement): Promise<{ at: number; frames: number }> => {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, PATIENCE);
      video.requestVideoFrameCallback((_, { presentedFrames }) => {
        drawn.set(video, presentedFrames);
        resolve();
      });
    });
    return { at: performance.now(), frames: drawn.get(video) ?? 0 };
  };

  const sample = async (source: { width: number; height: number }): Promise<Sample> => {
    const videos = within(document).filter((video) => trackOf(video) && isInView(video));
    const shown = new Set(videos.map((video) => trackOf(video)?.id));
    const sum = { bytesSent: 0, samples: 0, lostSamples: 0, freezes: 0, frozen: 0, connected: 0 };
    const encoders: Record<string, { frames: number; area: number }> = {};
    const energies: Record<string, number> = {};
    let camera = { frames: 0, size: '' };
    const at = performance.now();
    for (const [index, reference] of connections.entries()) {
      const connection = reference.deref();
      if (!connection || connection.connectionState === 'closed') continue;
      if (connection.connectionState === 'connected') sum.connected++;
      (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
        const of = (key: string): number => (typeof entry[key] === 'number' ? entry[key] : 0);
        switch (`${String(entry['type'])} ${String(entry['kind'])}`) {
          case 'transport undefined':
            sum.bytesSent += of('bytesSent');
            break;
          case 'outbound-rtp video':
            encoders[`${index} ${String(entry['id'])}`] = {
              frames: of('framesEncoded'),
              area: of('frameWidth') * of('frameHeight'),
            };
            break;
          case 'media-source video':
            camera = { frames: of('frames'), size: `${of('width')}×${of('height')}` };
            break;
          case 'inbound-rtp video':
            if (!shown.has(String(entry['trackIdentifier']))) break;
            sum.freezes += of('freezeCount');
            sum.frozen += of('totalFreezesDuration');
            break;
          case 'inbound-rtp audio':
            energies[`${index} ${String(entry['id'])}`] = of('totalAudioEnergy');
            sum.samples += of('totalSamplesReceived');
            // What is made up for silence is a pause of the sender, and nothing is missing.
            sum.lostSamples += of('concealedSamples') - of('silentConcealedSamples');
            break;
        }
      });
    }
    const tiles: Record<string, TileSample> = {};
    await Promise.all(
      videos
        .filter((video) => !isOwn(video))
        .map(async (video) => {
          if (!ids.has(video)) ids.set(video, `${++count}`);
          const { width, height } = video.getBoundingClientRect();
          const parts = [width / source.width, height / source.height];
          const fits = getComputedStyle(video).objectFit === 'cover' ? Math.max : Math.min;
          tiles[ids.get(video)!] = {
            ...(await framesOf(video)),
            needed: Math.min(1, fits(...parts) * devicePixelRatio),
            width: video.videoWidth,
            height: video.videoHeight,
          };
        }),
    );
    const ordered = [...videos.filter(isOwn), ...videos.filter((video) => !isOwn(video))];
    return {
      ...sum,
      at,
      isVisible: document.visibilityState === 'visible',
      encoders,
      camera,
      energies,
      tiles,
      places: ordered.map((video) => {
        const { x, y, width, height } = video.getBoundingClientRect();
        return [x, y, width, height];
      }),
    };
  };
  globalThis.mesh = { sample };
}
