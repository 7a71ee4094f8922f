import type { ModerateFrame, ResultFrame } from '../src/protocol/room.ts';
import type { Members } from './members.ts';

/** Does what a member asks for as a moderator, if it is one. Answers with the reason when it is not done. */
export function moderate(
  members: Members,
  id: string,
  frame: ModerateFrame,
): ResultFrame['code'] | undefined {
  const { rooms, standings, doors } = members;
  const room = rooms.roomOf(id);
  if (room === undefined || standings.roleOf(room, id) !== 'moderator') return 'not-moderator';
  switch (frame.action) {
    case 'lock':
      doors.lock(room, frame.on);
      return undefined;
    case 'end':
      // Who waits goes first, so as not to come in at a place that has become free.
      for (const other of [...doors.waiters.at(room), ...rooms.othersOf(id)]) end(other);
      return undefined;
    case 'mute':
      if (!rooms.areTogether(id, frame.id)) return 'participant-unknown';
      members.tell([frame.id], { type: 'ROOM-MUTE' });
      return undefined;
    case 'remove':
      if (frame.id === id || rooms.roomOf(frame.id) !== room) return 'participant-unknown';
      standings.bar(room, frame.id);
      turnOut(frame.id, 'removed');
      return undefined;
    case 'admit':
      if (!hasKnocked(frame.id)) return 'participant-unknown';
      return doors.admit(frame.id, room) ? undefined : 'room-full';
    case 'refuse':
      if (!hasKnocked(frame.id)) return 'participant-unknown';
      doors.bar(room, frame.id);
      turnOut(frame.id, 'join-refused');
      return undefined;
  }

  function hasKnocked(other: string): boolean {
    return doors.waiters.knocks(room ?? '').some((knock) => knock.id === other);
  }

  function end(other: string): void {
    turnOut(other, 'call-ended');
  }

  /** Out of the room or away from the door; its socket is closed, so that it is told once and asks for nothing more. */
  function turnOut(other: string, code: 'removed' | 'join-refused' | 'call-ended'): void {
    const connection = members.connectionOf(other);
    doors.stopWaiting(other);
    members.depart(other, 'removed');
    connection?.refuse(code);
  }
}
