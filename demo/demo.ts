import { copyOnClick, announce, shareOnClick } from './copy.ts';
import { find } from './dom.ts';
import { showEmbedCode } from './embed.ts';
import { applyAttributes, chosenAttributes, onChoice, showRoom } from './playground.ts';
import { linkTo, newRoom, readRoom, roomOf } from './rooms.ts';

const stage = find('[data-stage]');
const code = find('[data-code]');
const problem = find('[data-problem]');
const pageTitle = document.title;

/** The call on the page, while a room is in the address. */
let call: HTMLElement | undefined;

function leavePage(): void {
  // Taken out of the document, the element leaves the room and releases camera and microphone.
  call?.remove();
  call = undefined;
  document.body.dataset['view'] = 'home';
  document.title = pageTitle;
}

function enterRoom(room: string): void {
  if (!call) {
    call = document.createElement('video-call');
    call.textContent = 'Loading the call …';
    applyAttributes(call, chosenAttributes());
    stage.append(call);
  }
  document.body.dataset['view'] = 'call';
  document.title = `${room} · video-call`;
  find('#room-name').textContent = room;
}

/** Brings the page to what the address says. */
function show(): void {
  const room = roomOf(location.href);
  showRoom(room);
  if (room) enterRoom(room);
  else leavePage();
  update();
}

/** Brings the call and the code to what is chosen. */
function update(): void {
  const attributes = chosenAttributes();
  if (call) applyAttributes(call, attributes);
  showEmbedCode(code, attributes);
}

function go(room: string): void {
  history.pushState(undefined, '', room ? linkTo(room) : './');
  show();
  scrollTo({ top: 0 });
}

function openRoom(room: string): void {
  problem.textContent = '';
  go(room);
  announce(`Room ${room} is open.`);
  find('#room-name').focus();
}

find('[data-start]').addEventListener('click', () => openRoom(newRoom()));
find<HTMLFormElement>('[data-join]').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = find<HTMLInputElement>('#join-room');
  const room = readRoom(field.value);
  if (room && room.length <= 200) {
    openRoom(room);
    field.value = '';
    return;
  }
  problem.textContent = room
    ? 'A room name has at most 200 characters.'
    : 'There is no room in that link. Ask for it again, or start a call of your own.';
  field.focus();
});
find('[data-home]').addEventListener('click', (event) => {
  // A new tab stays the browser's business.
  if (event instanceof MouseEvent && (event.metaKey || event.ctrlKey || event.shiftKey)) return;
  event.preventDefault();
  go('');
});

copyOnClick(find('[data-copy="link"]'), () => linkTo(roomOf(location.href)));
copyOnClick(find('[data-copy="code"]'), () => code.textContent);
shareOnClick(find('[data-share]'), () => linkTo(roomOf(location.href)));
onChoice(() => {
  const room = chosenAttributes().get('room');
  const current = roomOf(location.href);
  if (current && typeof room === 'string' && room !== current) {
    history.replaceState(undefined, '', linkTo(room));
    show();
  }
  update();
});
addEventListener('popstate', show);
addEventListener('load', () => {
  if (customElements.get('video-call')) return;
  stage.textContent = 'The call could not be loaded. Check the connection and load the page again.';
});

show();
