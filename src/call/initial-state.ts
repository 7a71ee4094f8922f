import { NO_DEVICES } from '../media/devices.ts';
import { clipName, type CallConfig } from './config.ts';
import type { CallState } from './state.ts';

/** What the caller is not, or not doing, while it is in no room. */
export const OUTSIDE = {
  id: '',
  role: 'member',
  isSpeaking: false,
  handRaised: false,
  reaction: undefined,
} as const;

/** A call that has not begun. `stream` is the caller's own, and stays the same. */
export function initialState(
  { room, name, quality }: Pick<CallConfig, 'room' | 'name' | 'quality'>,
  stream: MediaStream,
): CallState {
  return {
    status: 'idle',
    room,
    local: {
      name: clipName(name),
      isLocal: true,
      microphone: 'off',
      camera: 'off',
      screen: 'off',
      stream,
      screenStream: undefined,
      ...OUTSIDE,
      isVideoStopped: false,
      connection: 'connected',
      quality: 5,
    },
    isNameFixed: false,
    remote: [],
    messages: [],
    devices: NO_DEVICES,
    pending: { microphone: false, camera: false, screen: false },
    notices: [],
    error: undefined,
    quality,
    speakerId: '',
    network: undefined,
    capacity: 0,
    fits: undefined,
    isLocked: false,
    knocks: [],
  };
}
