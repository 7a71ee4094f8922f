import { SignJWT } from 'jose';

/** Who may enter which room, and as what. */
export interface TokenClaims {
  /** The room, or a pattern in which `*` stands for anything: `team-*`. */
  readonly room: string;
  /** The name that the others see; the person cannot change it. Without it the person says its name itself. */
  readonly name?: string;
  /** Default: `member`. */
  readonly role?: 'moderator' | 'member' | 'viewer';
  /** Your id of the person: who was removed from a call does not come back into it with another token. */
  readonly user?: string;
  /** Whether a moderator has to let the person in; without it `--waiting-room` decides. Moderators never knock. */
  readonly knock?: boolean;
  /** Seconds for which the token opens the room; a call that has begun goes on after that. Default: an hour. */
  readonly expiresIn?: number;
  /** What `--audience` of the server says, if it says anything. */
  readonly audience?: string;
}

/**
 * Makes an access token for a server that was started with `--secret`. For the backend of a site: the secret must never
 * reach a page.
 *
 * @example
 * const token = await createToken(process.env.ACCESS_SECRET, { room: 'standup', name: 'Ada', role: 'moderator' });
 * response.send(`<video-call room="standup" token="${token}"></video-call>`);
 */
export async function createToken(secret: string, claims: TokenClaims): Promise<string> {
  const { room, name, role, user, knock, expiresIn = 3_600, audience } = claims;
  // JSON leaves out what is undefined.
  const jwt = new SignJWT({ room, name, role, knock })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn);
  if (user !== undefined) jwt.setSubject(user);
  if (audience !== undefined) jwt.setAudience(audience);
  return jwt.sign(new TextEncoder().encode(secret));
}
