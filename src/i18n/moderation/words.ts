import type { ServerCode } from '../../protocol/server-texts.ts';

type Outcome = 'removed' | 'join-refused' | 'call-ended';

/** What only calls need in which somebody moderates, waits or is turned away. `{name}` is filled in with `fill()`. */
export interface ModerationStrings {
  /** Heads of the screens for who is not in the call. */
  readonly titles: Readonly<
    Record<`token-${'missing' | 'invalid' | 'expired' | 'room'}` | Outcome | 'waiting', string>
  >;
  readonly codes: Readonly<
    Record<ServerCode | 'waiting' | 'muted-by-moderator' | 'you-moderate', string>
  >;
  readonly moderator: string;
  readonly viewer: string;
  readonly actions: string;
  readonly hideVideo: string;
  readonly showVideo: string;
  readonly mute: string;
  readonly isMuted: string;
  readonly remove: string;
  readonly removeSure: string;
  readonly lock: string;
  readonly lockHint: string;
  readonly lockedHint: string;
  readonly waiting: string;
  readonly admit: string;
  readonly refuse: string;
  readonly admitNamed: string;
  readonly refuseNamed: string;
  readonly knocks: string;
  readonly moreWaiting: string;
  readonly end: string;
  readonly endSure: string;
}
