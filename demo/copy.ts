import { find } from './dom.ts';

/** Says something to screen readers. */
export function announce(text: string): void {
  find('[data-said]').textContent = text;
}

/** Copies, says so on the button for a moment, and shows the text for copying by hand where the browser refuses. */
async function copy(button: Element, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No permission, or a page without HTTPS, where there is no clipboard at all.
    const dialog = find<HTMLDialogElement>('[data-fallback]');
    const area = find<HTMLTextAreaElement>('textarea', dialog);
    area.value = text;
    dialog.showModal();
    area.select();
    return;
  }
  const label = find('[data-label]', button);
  const before = label.textContent;
  button.classList.add('done');
  label.textContent = 'Copied';
  announce('Copied.');
  setTimeout(() => {
    button.classList.remove('done');
    label.textContent = before;
  }, 1600);
}

/** Makes a button copy what `text` returns. */
export function copyOnClick(button: Element, text: () => string): void {
  button.addEventListener('click', () => {
    // A second click during the thanks would take them for the label.
    if (!button.classList.contains('done')) void copy(button, text());
  });
}

/** Shows the button for sharing where the browser can, and makes it do so. */
export function shareOnClick(button: HTMLElement, url: () => string): void {
  if (!('share' in navigator)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const data = { title: 'Join my video call', url: url() };
    // Rejects when the person thinks better of it.
    navigator.share(data).catch(() => undefined);
  });
}
