import type { RelayedSignalFrame, SignalFrame } from '../src/protocol/room.ts';
import type { Signal } from '../src/protocol/signal.ts';

/** The frame as its receiver gets it: the guarded fields and no others, so that nothing unchecked rides along. */
export function relayed(frame: SignalFrame, src: string): RelayedSignalFrame {
  return { type: 'ROOM-SIGNAL', src, link: frame.link, signal: copySignal(frame.signal) };
}

function copySignal(signal: Signal): Signal {
  switch (signal.kind) {
    case 'description': {
      const { kind, round, type, sdp, sources } = signal;
      return { kind, round, type, sdp, sources };
    }
    case 'candidate': {
      const { kind, candidate, sdpMid, sdpMLineIndex, usernameFragment } = signal;
      return { kind, candidate, sdpMid, sdpMLineIndex, usernameFragment };
    }
    case 'ask':
    case 'grant':
    case 'bye':
      return { kind: signal.kind };
  }
}
