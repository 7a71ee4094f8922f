function signal(): [given: Promise<void>, give: () => void] {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return [given, give];
}

/** What a page finds plugged in: named cameras and microphones, whose pictures and sound are those of the browser's fake ones. */
export class Machine {
  /** Ids of what is plugged in; those of cameras begin with "camera". */
  readonly plugged: Set<string>;
  /** Cameras are opened one at a time, as on many phones. */
  isExclusive = false;
  /** Ids of cameras that another program holds. */
  readonly taken = new Set<string>();
  /** Every id that was opened, in order. */
  readonly opened: string[] = [];
  readonly #tracks: [id: string, track: MediaStreamTrack][] = [];
  readonly #slow = new Map<string, { ask: () => void; opens: Promise<void> }>();
  readonly #devices = navigator.mediaDevices;

  constructor(...plugged: string[]) {
    this.plugged = new Set(plugged);
    const { getUserMedia } = MediaDevices.prototype;
    this.#devices.getUserMedia = async (constraints = {}) => {
      const tracks = [];
      for (const kind of ['audio', 'video'] as const) {
        const wanted = constraints[kind];
        if (typeof wanted !== 'object') continue;
        const id = this.#find(kind, wanted);
        this.#slow.get(id)?.ask();
        await this.#slow.get(id)?.opens;
        const isBusy = this.taken.has(id) || (this.isExclusive && this.live('camera').length > 0);
        if (kind === 'video' && isBusy) throw new DOMException('', 'NotReadableError');
        const stream = await getUserMedia.call(this.#devices, { [kind]: true });
        const [track] = stream.getTracks();
        track!.getSettings = () => ({ deviceId: id });
        this.#tracks.push([id, track!]);
        this.opened.push(id);
        tracks.push(track!);
      }
      return new MediaStream(tracks);
    };
    this.#devices.enumerateDevices = () =>
      Promise.resolve(
        [...this.plugged].map((deviceId) => ({
          kind: deviceId.startsWith('camera') ? 'videoinput' : 'audioinput',
          deviceId,
          groupId: '',
          label: deviceId,
          toJSON: () => deviceId,
        })),
      );
  }

  /** Makes a device slow: `asked` is settled when the page asks for it, which gets it by `open`. */
  slow(id: string): { asked: Promise<void>; open: () => void } {
    const [asked, ask] = signal();
    const [opens, open] = signal();
    this.#slow.set(id, { ask, opens });
    return { asked, open };
  }

  unplug(id: string): void {
    this.plugged.delete(id);
    for (const [of, track] of this.#tracks)
      if (of === id && track.readyState === 'live') {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    this.#devices.dispatchEvent(new Event('devicechange'));
  }

  plug(id: string): void {
    this.plugged.add(id);
    this.#devices.dispatchEvent(new Event('devicechange'));
  }

  /** Ids of the devices of a kind that are open. */
  live(kind: 'camera' | 'microphone'): string[] {
    return this.#tracks
      .filter(([id, { readyState }]) => id.startsWith(kind) && readyState === 'live')
      .map(([id]) => id);
  }

  /** The page has its own devices again. */
  remove(): void {
    for (const [, track] of this.#tracks) track.stop();
    for (const name of ['getUserMedia', 'enumerateDevices'])
      Reflect.deleteProperty(this.#devices, name);
  }

  #find(kind: 'audio' | 'video', { deviceId }: MediaTrackConstraints): string {
    const { exact, ideal } = (deviceId ?? {}) as { exact?: string; ideal?: string };
    const fitting = [...this.plugged].filter(
      (id) => id.startsWith('camera') === (kind === 'video') && (!exact || id === exact),
    );
    if (fitting.length === 0)
      throw new DOMException('', exact ? 'OverconstrainedError' : 'NotFoundError');
    return fitting.find((id) => id === ideal) ?? fitting[0]!;
  }
}
