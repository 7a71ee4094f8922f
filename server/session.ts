import type { Connection } from './connection.ts';
import { turnUser, type IceSupply } from './ice.ts';

/** A client as long as it has a socket or is a member of a room, whichever is longer. */
export interface Session {
  /** Whose it is: PeerJS's token, not that of access. */
  readonly token: string;
  /** Its name at the TURN server. */
  readonly turnUser: string;
  connection: Connection | undefined;
  graceTimer: NodeJS.Timeout | undefined;
  joinTimer: NodeJS.Timeout | undefined;
  iceTimer: NodeJS.Timeout | undefined;
  /** Counts joins and leaves: what belongs to an earlier one counts no more when it is known at last. */
  attempt: number;
  /** Digest of the access token that was looked at last. */
  shown: string;
}

export const newSession = (token: string): Session => ({
  token,
  turnUser: turnUser(),
  connection: undefined,
  graceTimer: undefined,
  joinTimer: undefined,
  iceTimer: undefined,
  attempt: 0,
  shown: '',
});

/** Sends a member fresh ICE servers before the credentials of the last ones expire, for as long as it stays. */
export function renewIce(session: Session, ice: Pick<IceSupply, 'grant' | 'refreshAfter'>): void {
  clearTimeout(session.iceTimer);
  const wait = ice.refreshAfter();
  if (wait === undefined) return;
  session.iceTimer = setTimeout(() => {
    const { connection } = session;
    connection?.send({ type: 'ROOM-ICE', ...ice.grant(connection.hostname, session.turnUser) });
    renewIce(session, ice);
  }, wait);
}
