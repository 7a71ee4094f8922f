import type { Role } from '../src/protocol/moderation.ts';

/** What somebody may do, before it is in. */
export interface Grant {
  /** Undefined where no tokens are asked for: then there is one moderator, whom `Standings` chooses. */
  readonly role: Role | undefined;
  readonly name: string | undefined;
  /** Has to knock, or need not; undefined: as the server is set up. */
  readonly knocks: boolean | undefined;
  /** Who it is in the site's books, if the token says so. */
  readonly user: string | undefined;
}

export const OPEN_GRANT: Grant = {
  role: undefined,
  name: undefined,
  knocks: undefined,
  user: undefined,
};
