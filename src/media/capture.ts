import { CallError } from '../protocol/errors.ts';
import { mediaDevices } from './devices.ts';

export type CaptureKind = 'microphone' | 'camera';

/** Ideal values only: a camera that has less is better than none. */
export const cameraConstraints = (lines: number, frameRate: number): MediaTrackConstraints => ({
  width: { ideal: Math.round((lines * 16) / 9) },
  height: { ideal: lines },
  frameRate: { ideal: frameRate },
});

/** What is asked of each device. */
const constraints: Readonly<Record<CaptureKind, MediaTrackConstraints>> = {
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  camera: { ...cameraConstraints(720, 30), facingMode: 'user' },
};

type DeviceIds = Readonly<Partial<Record<CaptureKind, string>>>;

export interface Captured {
  readonly tracks: Partial<Record<CaptureKind, MediaStreamTrack>>;
  readonly errors: readonly CallError[];
}

/**
 * Opens the devices of `ids` (an empty id is the default device), in one question to the person if possible, and one by
 * one where that fails, so that a missing camera does not cost the microphone. For a device that is gone the default one will
 * do, unless `isExact`. Never rejects.
 */
export async function capture(ids: DeviceIds, isExact = false): Promise<Captured> {
  const kinds = Object.keys(ids) as CaptureKind[];
  if (kinds.length === 0) return { tracks: {}, errors: [] };
  if (!mediaDevices()) return { tracks: {}, errors: [insecureContext()] };
  try {
    return { tracks: await open(ids, isExact), errors: [] };
  } catch (cause) {
    const [only] = kinds;
    if (kinds.length === 1 && only) return { tracks: {}, errors: [captureError(only, cause)] };
    if (await refusedBoth(cause))
      return { tracks: {}, errors: kinds.map((kind) => captureError(kind, cause)) };
    const single = await Promise.all(kinds.map((kind) => capture({ [kind]: ids[kind] ?? '' })));
    return {
      tracks: Object.assign({}, ...single.map(({ tracks }) => tracks)) as Captured['tracks'],
      errors: single.flatMap(({ errors }) => errors),
    };
  }
}

async function open(ids: DeviceIds, isExact: boolean): Promise<Captured['tracks']> {
  const stream = await getUserMedia(ids, 'exact').catch((cause: unknown) => {
    const mayDiffer = !isExact && Object.values(ids).some(Boolean);
    if (mayDiffer && isNamed(cause, 'OverconstrainedError', 'NotFoundError'))
      return getUserMedia(ids, 'ideal');
    throw cause;
  });
  const tracks: Captured['tracks'] = {};
  for (const track of stream.getTracks())
    tracks[track.kind === 'audio' ? 'microphone' : 'camera'] = track;
  return tracks;
}

async function getUserMedia(ids: DeviceIds, choice: 'exact' | 'ideal'): Promise<MediaStream> {
  const want = (kind: CaptureKind): MediaTrackConstraints | false => {
    const id = ids[kind];
    if (id === undefined) return false;
    if (id === '') return constraints[kind];
    const { facingMode: _, ...rest } = constraints[kind];
    return { ...rest, deviceId: { [choice]: id } };
  };
  const devices = mediaDevices();
  if (!devices) throw insecureContext();
  return devices.getUserMedia({ audio: want('microphone'), video: want('camera') });
}

/** A refusal of the common question stands for both, unless the browser says that one of them is allowed. */
async function refusedBoth(cause: unknown): Promise<boolean> {
  if (!isNamed(cause, 'NotAllowedError', 'SecurityError')) return false;
  try {
    const states = await Promise.all(
      (['microphone', 'camera'] as const).map(
        async (name) => (await navigator.permissions.query({ name })).state,
      ),
    );
    return !states.includes('granted');
  } catch {
    // Not every browser knows these two names.
    return true;
  }
}

const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** The names are those of Media Capture and Streams, section 10.2, and of older browsers. */
export function captureError(kind: CaptureKind, cause: unknown): CallError {
  if (cause instanceof CallError) return cause;
  const is = (...names: string[]): boolean => isNamed(cause, ...names);
  const problem = is('NotAllowedError', 'SecurityError')
    ? 'denied'
    : is('NotFoundError', 'OverconstrainedError', 'DevicesNotFoundError')
      ? 'missing'
      : 'in-use';
  return new CallError(`${kind}-${problem}`, '', cause);
}

export function insecureContext(): CallError {
  return new CallError('insecure-context', globalThis.location.origin);
}

/** Asks for a screen, window or tab, with its sound where the browser offers that. Rejects with a CallError. */
export async function captureScreen(): Promise<MediaStream> {
  const devices = mediaDevices();
  if (!devices) throw insecureContext();
  if (!canCaptureScreen()) throw new CallError('screen-unsupported');
  try {
    return await devices.getDisplayMedia({
      video: { frameRate: { ideal: 15, max: 30 } },
      audio: true,
    });
  } catch (cause) {
    throw new CallError('screen-denied', '', cause);
  }
}

export function canCaptureScreen(): boolean {
  return 'getDisplayMedia' in (mediaDevices() ?? {});
}
