import type { Call } from './call.ts';
import type { CallRequestEvent, CallRequestName, CallRequests } from './requests.ts';

type Performers = {
  readonly [N in CallRequestName]: (call: Call, params: CallRequests[N]) => void | Promise<void>;
};

/** What each request does: the one list of it. */
const performers: Performers = {
  join: (call, { name }) => call.join(name),
  leave: (call) => {
    call.leave();
  },
  'return-to-lobby': (call) => call.enterLobby(),
  microphone: (call, { on }) => call.devices.toggle('microphone', on),
  camera: (call, { on }) => call.devices.toggle('camera', on),
  screen: (call, { on }) => call.devices.toggleScreen(on),
  device: (call, { kind, id }) => call.devices.choose(kind, id),
  name: (call, { name }) => {
    call.setName(name);
  },
  chat: (call, { text }) => {
    call.sendMessage(text);
  },
  reaction: (call, { emoji }) => {
    call.sendReaction(emoji);
  },
  hand: (call, { on }) => {
    call.raiseHand(on);
  },
  view: (call, { pictures, ownLines }) => {
    call.show(pictures, ownLines);
  },
  quality: (call, { quality }) => {
    call.setQuality(quality);
  },
  video: (call, { id, on }) => {
    call.receiveVideo(id, on);
  },
  moderate: (call, action) => call.moderate(action),
  'retry-devices': (call) => call.devices.retry(),
  stats: async (call, { answer }) => {
    answer(await call.stats());
  },
  'dismiss-notice': (call, { code }) => {
    call.notices.dismiss(code);
  },
};

/** Acts on a request of a control. Rejects with a CallError, which the state tells as well. */
export async function performRequest<N extends CallRequestName>(
  call: Call,
  { request, params }: CallRequestEvent<N>,
): Promise<void> {
  const perform: Performers[N] = performers[request];
  await perform(call, params);
}
