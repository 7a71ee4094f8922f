import { CallError } from '../protocol/errors.ts';
import type { Source } from '../protocol/signal.ts';
import { capture, captureScreen, type CaptureKind } from './capture.ts';
import {
  listDevices,
  mediaDevices,
  NO_DEVICES,
  type DeviceKind,
  type DeviceState,
} from './devices.ts';
import { AudioMeter } from './meter.ts';

export interface MediaListener {
  /** A source has another track now, or none. */
  onTrack(source: Source, track: MediaStreamTrack | undefined): void;
  /** What is sent of a source has changed: switched on or off. */
  onState(): void;
  onDevices(devices: DeviceState): void;
  /** A device stopped by itself: it was unplugged, or the browser or another program took it away. */
  onLost(source: Source): void;
}

/** The caller's own camera, microphone and screens. State changes only once the browser has confirmed. */
export class LocalMedia {
  /** Camera and microphone, for the preview and the public `stream`. */
  readonly stream = new MediaStream();
  readonly #listener: MediaListener;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  #devices: DeviceState = NO_DEVICES;
  #screenStream: MediaStream | undefined;
  #meter: AudioMeter | undefined;
  /** Counts `stop()`s: what was asked for before one must not be switched on after it. */
  #generation = 0;

  constructor(listener: MediaListener) {
    this.#listener = listener;
  }

  get devices(): DeviceState {
    return this.#devices;
  }

  get screenStream(): MediaStream | undefined {
    return this.#screenStream;
  }

  /** A muted microphone keeps its track, so that it is back at once. */
  isOn(source: Source): boolean {
    return this.#tracks.get(source)?.enabled === true;
  }

  level(): number {
    return this.isOn('microphone') ? (this.#meter?.level() ?? 0) : 0;
  }

  /** Watches for devices that come and go. */
  start(): void {
    mediaDevices()?.addEventListener('devicechange', this.#handleDeviceChange);
    void this.#refreshDevices();
  }

  /** Switches devices on; answers with what went wrong. */
  async open(kinds: readonly CaptureKind[]): Promise<readonly CallError[]> {
    const generation = this.#generation;
    const missing = kinds.filter((kind) => !this.#tracks.has(kind));
    const { selected } = this.#devices;
    const { tracks, errors } = await capture(
      Object.fromEntries(missing.map((kind) => [kind, selected[kind]])),
    );
    for (const kind of missing) {
      const track = tracks[kind];
      if (track && generation === this.#generation) this.#use(kind, track);
      else track?.stop();
    }
    if (generation !== this.#generation) return [];
    for (const kind of kinds) this.#enable(kind, true);
    this.#listener.onState();
    await this.#refreshDevices();
    return errors;
  }

  /** Mutes the microphone; switches the camera off, so that its light goes out. */
  switchOff(kind: CaptureKind): void {
    if (kind === 'camera') this.#release('camera');
    else this.#enable('microphone', false);
    this.#listener.onState();
  }

  /** Releases a device, the microphone's included. */
  close(kind: CaptureKind): void {
    this.#release(kind);
    this.#listener.onState();
  }

  forEachTrack(visit: (source: Source, track: MediaStreamTrack) => void): void {
    for (const [source, track] of this.#tracks) visit(source, track);
  }

  /** Chooses a device. A running one is replaced without a gap; when the new one cannot be opened the old one stays. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    const before = this.#devices.selected[kind];
    this.#select(kind, id);
    if (kind === 'speaker' || !this.#tracks.has(kind)) return;
    const generation = this.#generation;
    const wasOn = this.isOn(kind);
    const { tracks, errors } = await capture({ [kind]: id });
    const track = tracks[kind];
    if (!track || generation !== this.#generation) {
      track?.stop();
      if (generation === this.#generation) this.#select(kind, before);
      if (errors[0]) throw errors[0];
      return;
    }
    this.#release(kind, true);
    this.#use(kind, track);
    this.#enable(kind, wasOn);
    this.#listener.onState();
  }

  /** Shares a screen beside the camera. Rejects with a CallError when the person or the browser refuses. */
  async startScreen(): Promise<void> {
    const generation = this.#generation;
    const stream = await captureScreen();
    if (generation !== this.#generation) {
      for (const track of stream.getTracks()) track.stop();
      throw new CallError('cancelled');
    }
    this.stopScreen();
    this.#screenStream = stream;
    for (const track of stream.getTracks())
      this.#use(track.kind === 'audio' ? 'screen-audio' : 'screen', track);
    this.#listener.onState();
  }

  stopScreen(): void {
    if (!this.#screenStream) return;
    this.#screenStream = undefined;
    this.#release('screen');
    this.#release('screen-audio');
    this.#listener.onState();
  }

  /** Releases everything. May be started again. */
  stop(): void {
    this.#generation++;
    mediaDevices()?.removeEventListener('devicechange', this.#handleDeviceChange);
    this.stopScreen();
    for (const source of [...this.#tracks.keys()]) this.#release(source);
    this.#listener.onState();
  }

  readonly #handleDeviceChange = (): void => {
    void this.#refreshDevices();
  };

  async #refreshDevices(): Promise<void> {
    const generation = this.#generation;
    const available = await listDevices();
    if (generation !== this.#generation) return;
    this.#devices = { ...this.#devices, available };
    this.#listener.onDevices(this.#devices);
  }

  #select(kind: DeviceKind, id: string): void {
    this.#devices = { ...this.#devices, selected: { ...this.#devices.selected, [kind]: id } };
    this.#listener.onDevices(this.#devices);
  }

  #use(source: Source, track: MediaStreamTrack): void {
    // The encoder's choice when something has to give: motion for faces, sharpness for text.
    if (track.kind === 'video') track.contentHint = source === 'screen' ? 'detail' : 'motion';
    track.addEventListener('ended', () => {
      if (this.#tracks.get(source) !== track) return;
      if (source === 'screen') this.stopScreen();
      else this.#release(source);
      this.#listener.onState();
      this.#listener.onLost(source);
    });
    this.#tracks.set(source, track);
    if (source === 'microphone') this.#meter = new AudioMeter(track);
    if (source === 'microphone' || source === 'camera') {
      this.stream.addTrack(track);
      // Which device the default was, so that the lists can show it as chosen.
      const { deviceId } = track.getSettings();
      if (deviceId !== undefined) this.#select(source, deviceId);
    }
    this.#listener.onTrack(source, track);
  }

  #enable(kind: CaptureKind, isOn: boolean): void {
    const track = this.#tracks.get(kind);
    if (track) track.enabled = isOn;
  }

  #release(source: Source, isReplaced = false): void {
    const track = this.#tracks.get(source);
    if (!track) return;
    this.#tracks.delete(source);
    this.stream.removeTrack(track);
    track.stop();
    if (source === 'microphone') {
      this.#meter?.close();
      this.#meter = undefined;
    }
    if (!isReplaced) this.#listener.onTrack(source, undefined);
  }
}
