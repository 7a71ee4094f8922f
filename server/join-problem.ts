import { isRoomName } from '../src/protocol/guards.ts';
import { LIMITS, PROTOCOL_VERSION } from '../src/protocol/limits.ts';
import type { JoinFrame } from '../src/protocol/room.ts';

interface JoinProblem {
  readonly code: 'version-unsupported' | 'room-invalid';
  readonly detail: string;
}

/** What is wrong with a join by itself, whoever asks. */
export function joinProblem({ version, room }: JoinFrame): JoinProblem | undefined {
  if (version !== PROTOCOL_VERSION)
    return {
      code: 'version-unsupported',
      detail: `version ${String(version)}; this server speaks ${String(PROTOCOL_VERSION)}`,
    };
  if (!isRoomName(room))
    return {
      code: 'room-invalid',
      detail: `a room name has 1 to ${String(LIMITS.room)} characters, without control characters and outer spaces`,
    };
  return undefined;
}
