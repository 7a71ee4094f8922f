export type DeviceKind = 'microphone' | 'camera' | 'speaker';

export interface Device {
  readonly id: string;
  /** As the browser names it; empty before permission is given. */
  readonly label: string;
}

export interface DeviceState {
  readonly available: Readonly<Record<DeviceKind, readonly Device[]>>;
  /** Id of the device in use (or chosen for when it is switched on); empty for the browser's default. */
  readonly selected: Readonly<Record<DeviceKind, string>>;
}

export const NO_DEVICES: DeviceState = {
  available: { microphone: [], camera: [], speaker: [] },
  selected: { microphone: '', camera: '', speaker: '' },
};

const kinds: Readonly<Record<string, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};

/** Undefined outside a secure context, where browsers have no `mediaDevices` at all. */
export function mediaDevices(): MediaDevices | undefined {
  return (globalThis.navigator as Partial<Navigator>).mediaDevices;
}

/** What is plugged in. Without permission the browser names at most one nameless device of each kind. */
export async function listDevices(): Promise<DeviceState['available']> {
  const available: Record<DeviceKind, Device[]> = { microphone: [], camera: [], speaker: [] };
  try {
    for (const { kind, deviceId, label } of (await mediaDevices()?.enumerateDevices()) ?? []) {
      const known = kinds[kind];
      if (known && deviceId !== '') available[known].push({ id: deviceId, label });
    }
  } catch {
    // A page may be forbidden to ask (Permissions-Policy); then there is nothing to choose from.
  }
  return available;
}
