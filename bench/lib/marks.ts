/**
 * What happens in a page on the way from the click to the first frame, in milliseconds since 1970 by the monotonic clock,
 * which is the same in every page of a browser. The first time of each counts.
 */
export interface Marks {
  at: Record<string, number>;
  /** Forgets what was, and resolves with the marks once a frame of somebody else is on the screen. */
  firstFrame(): Promise<Record<string, number>>;
}
declare global {
  var marks: Marks;
}

/** Runs in the page before everything else, the same in both kinds of page. */
export function markWhatHappens(): void {
  const now = (): number => performance.timeOrigin + performance.now();
  const mark = (name: string, time = now()): void => {
    marks.at[name] ??= time;
  };
  const remote = new WeakSet<MediaStreamTrack>();
  let seen: (() => void) | undefined;
  globalThis.marks = {
    at: {},
    firstFrame: async () => {
      marks.at = {};
      await new Promise<void>((resolve) => (seen = resolve));
      return marks.at;
    },
  };
  addEventListener('click', () => mark('click'), true);

  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      mark('socket made');
      this.addEventListener('open', () => mark('socket open'));
      this.addEventListener('message', ({ data }) => mark(`got ${typeOf(data)}`));
    }

    override send(data: string | Blob | BufferSource): void {
      mark(`sent ${typeOf(data)}`);
      super.send(data);
    }
  };
  const typeOf = (data: unknown): string => {
    try {
      return (JSON.parse(String(data)) as { type: string }).type;
    } catch {
      return 'bytes';
    }
  };

  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      mark('connection made');
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) mark('own candidate');
      });
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected') mark('ICE connected');
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') mark('DTLS connected');
      });
      this.addEventListener('signalingstatechange', () => mark(this.signalingState));
      this.addEventListener('track', ({ track }) => {
        remote.add(track);
        mark(`${track.kind} track`);
        track.addEventListener('unmute', () => mark(`${track.kind} unmuted`));
      });
    }
  };

  // Whoever shows a stream: the first frame of a remote track that is presented in a video.
  const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!;
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...property,
    set(this: HTMLMediaElement, stream: MediaStream | null) {
      property.set!.call(this, stream);
      if (!(this instanceof HTMLVideoElement) || !stream) return;
      const isRemote = (): boolean => stream.getVideoTracks().some((track) => remote.has(track));
      if (isRemote()) mark('video has stream');
      this.addEventListener('loadeddata', () => {
        if (isRemote()) mark('video has data');
      });
      this.requestVideoFrameCallback((_, frame) => {
        if (!isRemote()) return;
        if (frame.receiveTime !== undefined)
          mark('frame received', performance.timeOrigin + frame.receiveTime);
        mark('frame presented', performance.timeOrigin + frame.presentationTime);
        mark('frame callback');
        const look = (): void => {
          // Whoever has left before it was visible must not cost the next ones time.
          if (!this.isConnected) return;
          if (!this.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
            requestAnimationFrame(look);
            return;
          }
          mark('frame visible');
          seen?.();
        };
        look();
      });
    },
  });
}
