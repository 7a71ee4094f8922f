import { CallError } from '../protocol/errors.ts';
import type { Source } from '../protocol/signal.ts';
import { CameraSize, type CameraNeed } from './camera-size.ts';
import { capture, captureScreen, type CaptureKind } from './capture.ts';
import {
  listDevices,
  mediaDevices,
  NO_DEVICES,
  type DeviceKind,
  type DeviceState,
} from './devices.ts';
import { AudioMeter } from './meter.ts';
import { DeviceRecovery, type Recovered } from './recovery.ts';

export interface MediaListener {
  /** A source has another track now, or none. */
  onTrack(source: Source, track: MediaStreamTrack | undefined): void;
  /** What is sent of a source has changed: switched on or off. */
  onState(): void;
  onDevices(devices: DeviceState): void;
  /** The camera's picture has another size. */
  readonly onResize: () => void;
  /** A device stopped by itself: it was unplugged, or the browser or another program took it away. */
  onRecovered(kind: CaptureKind, what: Recovered): void;
}

/** The caller's own camera, microphone and screens. State changes only once the browser has confirmed. */
export class LocalMedia {
  /** Camera and microphone, for the preview and the public `stream`. */
  readonly stream: MediaStream;
  readonly #listener: MediaListener;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  #devices: DeviceState = NO_DEVICES;
  #screenStream: MediaStream | undefined;
  #meter: AudioMeter | undefined;
  #cameraSize: CameraSize | undefined;
  readonly #recovery: DeviceRecovery;
  /** Devices that the browser is being asked for: a second wish for one waits for the first, and nobody is asked twice. */
  readonly #opening = new Map<CaptureKind, Promise<unknown>>();
  /** Counts `stop()`s: what was asked for before one must not be switched on after it. */
  #generation = 0;

  constructor(listener: MediaListener, stream: MediaStream) {
    this.#listener = listener;
    this.stream = stream;
    this.#recovery = new DeviceRecovery({
      reopen: async (kind, id) =>
        !(await this.#replace(kind, id, () => this.#recovery.isLost(kind))),
      onRecovered: (kind, what) => {
        listener.onRecovered(kind, what);
      },
    });
  }

  get devices(): DeviceState {
    return this.#devices;
  }

  get screenStream(): MediaStream | undefined {
    return this.#screenStream;
  }

  /** A muted microphone keeps its track, so that it is back at once. A track that the system mutes sends nothing. */
  isOn(source: Source): boolean {
    const track = this.#tracks.get(source);
    return track?.enabled === true && !track.muted;
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
    for (const kind of kinds) this.#recovery.forget(kind);
    const others = kinds.map((kind) => this.#opening.get(kind));
    const missing = kinds.filter((kind) => !this.#tracks.has(kind) && !this.#opening.has(kind));
    const { selected } = this.#devices;
    const capturing = capture(Object.fromEntries(missing.map((kind) => [kind, selected[kind]])));
    for (const kind of missing) this.#opening.set(kind, capturing);
    const { tracks, errors } = await capturing;
    for (const kind of missing) {
      if (this.#opening.get(kind) === capturing) this.#opening.delete(kind);
      const track = tracks[kind];
      if (track && generation === this.#generation) this.#use(kind, track);
      else track?.stop();
    }
    for (const other of others) await other;
    if (generation !== this.#generation) return [];
    for (const kind of kinds) this.#enable(kind, true);
    this.#listener.onState();
    // With the permission come the names. Nobody waits for them.
    if (missing.length > 0) void this.#refreshDevices();
    return errors;
  }

  /** Mutes the microphone; switches the camera off, so that its light goes out. */
  switchOff(kind: CaptureKind): void {
    this.#recovery.forget(kind);
    if (kind === 'camera') this.#release('camera');
    else this.#enable('microphone', false);
    this.#listener.onState();
  }

  /** Releases a device, the microphone's included. */
  close(kind: CaptureKind): void {
    this.#release(kind);
    this.switchOff(kind);
  }

  /** What is of use of the camera's picture; to be told again and again. */
  needCamera(need: CameraNeed): void {
    this.#cameraSize?.need(need);
  }

  forEachTrack(visit: (source: Source, track: MediaStreamTrack) => void): void {
    for (const [source, track] of this.#tracks) visit(source, track);
  }

  /** Chooses a device. A running one is replaced without a gap; when the new one cannot be opened the old one stays. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    const before = this.#devices.selected[kind];
    this.#select(kind, id);
    if (kind === 'speaker' || !this.#tracks.has(kind)) return;
    this.#recovery.forget(kind);
    const error = await this.#replace(
      kind,
      id,
      () => this.#tracks.has(kind) && this.#devices.selected[kind] === id,
    );
    if (!error) return;
    this.#select(kind, before);
    this.#handleEnded(kind);
    throw error;
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
    this.#opening.clear();
    mediaDevices()?.removeEventListener('devicechange', this.#handleDeviceChange);
    this.stopScreen();
    for (const source of [...this.#tracks.keys()]) this.#release(source);
    for (const kind of ['microphone', 'camera'] as const) this.#recovery.forget(kind);
    this.#listener.onState();
  }

  readonly #handleDeviceChange = (): void => {
    void this.#refreshDevices().then(() => this.#recovery.check(this.#devices.available));
  };

  /**
   * Opens a device in place of the one of its kind that is open, if any, and muted if that is; and does nothing when it is not
   * wanted any more by then.
   */
  async #replace(
    kind: CaptureKind,
    id: string,
    isWanted: () => boolean,
  ): Promise<CallError | undefined> {
    const { tracks, errors } = await capture({ [kind]: id }, true);
    const track = tracks[kind];
    const old = this.#tracks.get(kind);
    if (!isWanted()) {
      track?.stop();
      return undefined;
    }
    if (!track) {
      if (old?.readyState !== 'live' || errors[0]?.code !== 'camera-in-use') return errors[0];
      // Many phones open one camera at a time.
      old.stop();
      return this.#replace(kind, id, isWanted);
    }
    track.enabled = old?.enabled ?? true;
    this.#use(kind, track);
    this.#listener.onState();
    return undefined;
  }

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
    this.#release(source, true);
    // The encoder's choice when something has to give: motion for faces, sharpness for text.
    if (track.kind === 'video') track.contentHint = source === 'screen' ? 'detail' : 'motion';
    track.addEventListener('ended', () => {
      this.#handleEnded(source);
    });
    // The system has taken the device for a while, as for a phone call: the others are told the truth.
    for (const type of ['mute', 'unmute'])
      track.addEventListener(type, () => {
        this.#listener.onState();
      });
    this.#tracks.set(source, track);
    if (source === 'microphone') this.#meter = new AudioMeter(track);
    if (source === 'camera') this.#cameraSize = new CameraSize(track, this.#listener.onResize);
    if (source === 'microphone' || source === 'camera') {
      this.stream.addTrack(track);
      // Which device the default was, so that the lists can show it as chosen.
      const { deviceId } = track.getSettings();
      if (deviceId !== undefined) this.#select(source, deviceId);
    }
    this.#listener.onTrack(source, track);
  }

  /** Nothing is to be done for a track that another one has replaced. */
  #handleEnded(source: Source): void {
    const track = this.#tracks.get(source);
    if (track?.readyState !== 'ended') return;
    if (source === 'screen') this.stopScreen();
    else this.#release(source);
    this.#listener.onState();
    if (track.enabled && (source === 'microphone' || source === 'camera'))
      void this.#recovery.lose(source, this.#devices.selected[source]);
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
    if (source === 'camera') this.#cameraSize = undefined;
    if (source === 'microphone') {
      this.#meter?.close();
      this.#meter = undefined;
    }
    if (!isReplaced) this.#listener.onTrack(source, undefined);
  }
}
