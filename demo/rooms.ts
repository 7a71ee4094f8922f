const FIRST =
  'amber brave calm clear coral crisp dapper eager fern gentle golden happy hazel ivory jolly keen lemon light lively lucky mellow merry mint noble olive quiet rapid royal sunny swift tidal warm';
const SECOND =
  'badger beaver bison cedar comet crane dolphin falcon finch forest fox harbor heron island kestrel lagoon lark lynx maple meadow otter owl panda pine puffin raven river robin salmon sparrow willow wren';
/** Without letters and digits that look or sound alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A number below `limit` (at most 32) from the browser's generator of secrets, each equally likely. */
function random(limit: number): number {
  const bytes = new Uint8Array(1);
  let value: number;
  do value = crypto.getRandomValues(bytes)[0] ?? 0;
  while (value >= 256 - (256 % limit));
  return value % limit;
}

const pick = (words: string): string => {
  const list = words.split(' ');
  return list[random(list.length)] ?? '';
};

/** A name that can be told from others at a glance, and that nobody guesses: about 60 bits. */
export function newRoom(): string {
  const secret = Array.from({ length: 10 }, () => LETTERS[random(LETTERS.length)]).join('');
  return `${pick(FIRST)}-${pick(SECOND)}-${secret}`;
}

/** The page's address with the room in it. */
export function linkTo(room: string): string {
  const url = new URL('./', location.href);
  url.searchParams.set('room', room);
  return url.href;
}

/** The room that an address names; empty when there is none. */
export function roomOf(address: string): string {
  return new URL(address, location.href).searchParams.get('room')?.trim() ?? '';
}

/** What a person typed or pasted: a link with a room in it, or the room's name itself. */
export function readRoom(text: string): string {
  const typed = text.trim();
  if (!/^https?:\/\//i.test(typed) || !URL.canParse(typed)) return typed;
  return roomOf(typed);
}
