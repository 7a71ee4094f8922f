/** Parts that the first view does without. Once loaded they stay, so that losing the server takes nothing away. */
const PARTS = {
  chat: () => import('./chat.ts'),
  people: () => import('./people.ts'),
  reactions: () => import('./reactions.ts'),
  settings: () => import('./settings.ts'),
};
export type LazyPart = keyof typeof PARTS;

export const isLazy = (name: string): name is LazyPart => Object.hasOwn(PARTS, name);

/** Resolves to whether the part is there. */
export async function load(part: LazyPart): Promise<boolean> {
  try {
    await PARTS[part]();
    return true;
  } catch {
    return false;
  }
}
