import { fixture, html, waitUntil } from '@open-wc/testing';
import { CallRequestEvent, type CallRequests } from '../../src/call/requests.ts';
import type { CallState } from '../../src/call/state.ts';
import { DEFAULT_OPTIONS, type ViewOptions } from '../../src/elements/options.ts';
import '../../src/elements/view.ts';

type View = HTMLElementTagNameMap['video-call-view'];

/** Finds an element in nested shadow roots, in the order of the document. */
export function deepAll(root: ParentNode, selector: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (element.matches(selector)) found.push(element);
    if (element.shadowRoot) found.push(...deepAll(element.shadowRoot, selector));
  }
  return found;
}

export const deep = (root: ParentNode, selector: string): HTMLElement | undefined =>
  deepAll(root, selector)[0];

/** Everything that can be read, without styles. */
export function wordsOf(root: Node): string {
  if (root instanceof HTMLStyleElement) return '';
  if (root instanceof Text) return root.data;
  const shadow = root instanceof Element && root.shadowRoot ? [root.shadowRoot] : [];
  return [...shadow, ...root.childNodes].map(wordsOf).join(' ').replace(/\s+/g, ' ').trim();
}

/** Two frames: what was measured in the first is drawn in the second. */
export async function settled(): Promise<void> {
  for (let frame = 0; frame < 3; frame++)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}

export interface Shown {
  /** What the page sees. */
  readonly box: HTMLElement;
  readonly view: View;
  readonly root: ParentNode;
  /** What has been asked for, in order. */
  readonly requests: [name: string, params: unknown][];
  /** What was told of the pictures on the screen, in order. */
  readonly views: CallRequests['view'][];
  readonly update: (state: CallState, options?: Partial<ViewOptions>) => Promise<void>;
  readonly press: (selector: string) => Promise<void>;
}

/** The view in a box, as the host element shows it. */
export async function show(
  state: CallState,
  options: Partial<ViewOptions> = {},
  { width = 1000, height = 640 } = {},
): Promise<Shown> {
  // Without frames there are no sizes either; better said at once than by a timeout of each test.
  if (document.hidden) throw new Error('Elements are tested in a visible tab: one window a page.');
  const box = await fixture<HTMLElement>(html`<div></div>`);
  box.style.cssText = `display: block; position: relative; width: ${width}px; height: ${height}px;`;
  // In a shadow root, as in the host element: no style of the page reaches the view itself.
  const view = document.createElement('video-call-view');
  box.attachShadow({ mode: 'open' }).append(view);
  const root = view.renderRoot;
  const requests: [string, unknown][] = [];
  // What is on the screen is told without anybody asking for it.
  const views: CallRequests['view'][] = [];
  box.addEventListener(CallRequestEvent.eventName, (event) => {
    if (!(event instanceof CallRequestEvent)) return;
    if (event.request === 'view') views.push(event.params as CallRequests['view']);
    else requests.push([event.request as string, event.params as unknown]);
  });
  const update: Shown['update'] = async (next, more = {}) => {
    view.options = { ...DEFAULT_OPTIONS, ...options, ...more };
    view.state = next;
    await view.updateComplete;
    await settled();
  };
  const press: Shown['press'] = async (selector) => {
    const target = deep(root, selector);
    if (!target) throw new Error(`Nothing to press: ${selector}`);
    target.click();
    await settled();
  };
  await update(state);
  return { box, view, root, requests, views, update, press };
}

/** Opens a panel and waits until it has been loaded. */
export async function opened(
  shown: Shown,
  name: 'chat' | 'people' | 'settings' | 'reactions',
): Promise<void> {
  await shown.press(`[data-control=${name}]`);
  await waitUntil(() => deep(shown.root, `video-call-${name}`)?.shadowRoot?.childElementCount);
  await settled();
}

/** The element with the keyboard focus, however deep. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}
