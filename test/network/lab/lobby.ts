import type { Person } from '../../e2e/harness/person.ts';
import type { Place } from './internet.ts';
import type { Lab } from './lab.ts';

/** Waits until the lobby says of the network what is expected, in words. */
export async function lobbySays(
  lab: Lab,
  place: Place,
  network: string,
  attributes = '',
): Promise<Person> {
  const person = await lab.open(place, `room="lobby" ${attributes}`);
  await person.page
    .locator(`.network[data-network="${network}"]`, { hasText: /Network: (\w+ ?){3}/ })
    .waitFor({ timeout: 30_000 });
  return person;
}
