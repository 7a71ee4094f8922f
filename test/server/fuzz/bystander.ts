/**
 * Two honest members of a room, in a process of their own so that they are not slowed down by the attacker: one signals to the
 * other all the time, and both note whatever else comes. Started by fuzz.ts, which asks by IPC for what they saw.
 */
import { Client, newId } from '../helpers.ts';

const [url = '', room = '', origin = ''] = process.argv.slice(2);
const options = { headers: { origin } };
const one = await Client.member({ url }, room, { options });
const other = await Client.member({ url }, room, { options });
await one.take('ROOM-JOINED', { id: other.id });

const latencies: number[] = [];
const state = { isEnding: false };
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  state.isEnding = true;
});
process.send?.({ ids: [one.id, other.id] });

const link = newId();
while (!state.isEnding) {
  const at = performance.now();
  one.send({ type: 'ROOM-SIGNAL', dst: other.id, link, signal: { kind: 'ask' } });
  await other.take('ROOM-SIGNAL', { src: one.id, link });
  other.send({ type: 'ROOM-SIGNAL', dst: one.id, link, signal: { kind: 'grant' } });
  await one.take('ROOM-SIGNAL', { src: other.id, link });
  latencies.push(performance.now() - at);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await one.settled();
await other.settled();
process.send?.({ latencies, strange: [...one.frames, ...other.frames] });
