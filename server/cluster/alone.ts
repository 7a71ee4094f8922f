import { isClientFrame } from '../../src/protocol/room.ts';
import { parseJson } from '../../src/protocol/guards.ts';
import type { Connection } from '../connection.ts';
import { judge } from '../firewall.ts';

/**
 * Answers a frame of a client whose room's owner cannot be reached: that the client's own path is well, and that what is
 * for others will not get to them. It keeps its socket, and its calls go on.
 */
export function answerAlone(connection: Connection, text: string): void {
  const message = parseJson(text);
  if (isClientFrame(message)) {
    if (message.type === 'ROOM-PING') connection.send({ type: 'ROOM-PONG', n: message.n });
    else if (message.type === 'ROOM-SIGNAL')
      connection.send({ type: 'ROOM-UNDELIVERED', dst: message.dst, link: message.link });
    return;
  }
  const verdict = judge(message);
  if (verdict.kind === 'invalid') connection.strike();
  else if (verdict.kind === 'route' && verdict.frame.type === 'OFFER') {
    const { dst, payload } = verdict.frame;
    connection.send({ type: 'ROOM-UNDELIVERED', dst, link: payload.connectionId });
  }
}
