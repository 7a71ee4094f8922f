import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { embedPage, PageServer } from './harness/page-server.ts';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  var violations: string[];
  var changes: string[];
}

const stage = Stage.set();

/** How one element of the call looks, wherever it is in the shadow trees. */
interface Look {
  readonly width: number;
  readonly height: number;
  readonly display: string;
  readonly color: string;
  readonly background: string;
  readonly font: string;
  readonly direction: string;
  readonly visibility: string;
  readonly opacity: string;
}

async function look(person: Person, selector: string): Promise<Look> {
  return person.page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return {
        width,
        height,
        display: style.display,
        color: style.color,
        background: style.backgroundColor,
        font: `${style.fontSize} ${style.fontFamily} ${style.fontWeight} ${style.fontStyle} ${style.letterSpacing} ${style.textTransform} ${style.lineHeight} ${style.wordSpacing}`,
        direction: style.direction,
        visibility: style.visibility,
        opacity: style.opacity,
      };
    });
}

const PARTS = [
  'video-call-room',
  'video-call-tile .tile',
  'video-call-tile video',
  'video-call-tile .label',
  'video-call-controls button.control',
  'video-call-controls button.leave',
  'video-call-controls .icon',
] as const;

type Looks = Readonly<Record<string, Look>>;
const looks = async (person: Person): Promise<Looks> =>
  Object.fromEntries(
    await Promise.all(PARTS.map(async (part) => [part, await look(person, part)] as const)),
  );

/** The page may size, shift and turn the element as a whole, but what is inside looks the same. */
const withoutSizes = (all: Looks): unknown =>
  Object.fromEntries(
    Object.entries(all).map(([part, { width: _width, height: _height, ...rest }]) => [part, rest]),
  );

/** What pages do to their elements, meant or not. */
const HOSTILE: Readonly<Record<string, string>> = {
  'all: unset': '* { all: unset }',
  'display: none on what is inside':
    'video, audio, button, svg, span, section, div > div, [role], .tile, .icon { display: none !important }',
  'red everywhere':
    'div, body, button, video-call-view { color: red !important; background: lime !important }',
  'things that are inherited':
    'body { color: red; font: italic 700 40px/3 fantasy; letter-spacing: 1em; word-spacing: 2em; text-transform: uppercase; text-indent: 5em; text-align: right; white-space: pre; cursor: none; direction: rtl; writing-mode: vertical-rl; line-height: 5; text-shadow: 0 0 9px red; list-style: square; pointer-events: none; user-select: none; -webkit-text-fill-color: red; -webkit-text-stroke: 2px red }',
  'the same on every element':
    '* { font-size: 40px !important; direction: rtl; color: red !important; letter-spacing: 9px !important; text-transform: uppercase !important; line-height: 4 !important; box-sizing: content-box !important; border: 3px solid red; padding: 7px; margin: 7px; float: left; transform: skew(20deg) }',
};

test('hostile styles of the page do not reach into the call', async () => {
  const room = stage.room();
  const friend = await stage.caller(room, 'name="Friend"');
  const size = 'style="display: block; width: 460px; height: 340px"';
  const markup = `<div><video-call room="${room}" name="Me" lang="en" theme="light" autojoin ${size}></video-call></div>`;
  const plain = await stage.visit(markup);
  await areInCall(plain, friend);
  let expected = await looks(plain);
  // Pictures fade in, and the bar measures itself: what counts is how it looks at rest.
  await until(async () => {
    const before = JSON.stringify(expected);
    expected = await looks(plain);
    const isFading = Object.values(expected).some(({ opacity }) => opacity !== '1');
    return !isFading && JSON.stringify(expected) === before;
  }, 'the call to come to rest');
  await plain.close();
  await friend.sees(1);

  for (const [name, css] of Object.entries(HOSTILE)) {
    const person = await stage.visit(markup, { head: `<style>${css}</style>` });
    await areInCall(person, friend);
    let found = await looks(person);
    await until(async () => {
      found = await looks(person);
      return JSON.stringify(withoutSizes(found)) === JSON.stringify(withoutSizes(expected));
    }, 'the same look').catch(() => undefined);
    assert.deepEqual(withoutSizes(found), withoutSizes(expected), name);
    for (const part of PARTS)
      assert.ok(found[part]!.width > 0 && found[part]!.height > 0, `${name}: size of ${part}`);
    assert.ok(found['video-call-room']!.height >= 140, `${name}: room for the call`);
    assert.ok(found['video-call-room']!.width >= 190, `${name}: room for the call`);
    const shown = await person.page
      .locator('video-call-tile video')
      .evaluateAll((all) =>
        (all as HTMLVideoElement[]).map((video) => !video.paused && video.videoWidth > 0),
      );
    assert.deepEqual(shown, [true, true], name);
    await person.close();
    await friend.sees(1);
  }
});

test('a call speaks the language of the page around it, whatever else the page changes', async () => {
  const person = await stage.visit(
    `<div lang="de"><video-call room="${stage.room()}"></video-call></div>`,
  );
  const join = person.page.getByRole('button', { name: 'Teilnehmen', exact: true });
  await join.waitFor();
  await person.run(async (element) => {
    element.name = 'Ada';
    await element.updateComplete;
  }, undefined);
  await until(
    async () => (await person.page.getByRole('textbox').inputValue()) === 'Ada',
    'the name to be shown',
  );
  await join.waitFor();
  assert.equal(await person.run((element) => element.hasAttribute('lang'), undefined), false);
  await person.run((element) => {
    element.lang = 'fr';
  }, undefined);
  await person.page.getByRole('button', { name: 'Participer' }).waitFor();
  await person.run((element) => {
    element.removeAttribute('lang');
  }, undefined);
  await join.waitFor();
});

test('a page that unsets everything gets a call of a usable size even if it gives none', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const person = await stage.visit(`<div><video-call room="${room}"></video-call></div>`, {
    head: '<style>* { all: unset }</style>',
  });
  const join = person.page.getByRole('button', { name: 'Join' });
  await join.waitFor();
  const box = await join.boundingBox();
  assert.ok(box && box.width >= 40 && box.height >= 24, JSON.stringify(box));
  await join.click();
  await areInCall(person, friend);
  const { width, height } = await look(person, 'video-call-room');
  assert.ok(width >= 400 && height >= 144, `${String(width)} × ${String(height)}`);
  await person.page.getByRole('button', { name: 'Leave' }).click();
  await person.hasState('left');
});

test('a page can still hide, size and place the element', async () => {
  const person = await stage.visit(`<video-call room="${stage.room()}"></video-call>`);
  await person.hasState('lobby');
  const sizes = await person.page.evaluate(() => {
    const call = document.querySelector('video-call')!;
    const box = (css: string): string => {
      call.style.cssText = css;
      const { width, height, left, top } = call.getBoundingClientRect();
      return `${String(width)}×${String(height)} at ${String(left)},${String(top)}`;
    };
    const hidden = box('display: none');
    call.hidden = true;
    const isHidden = box('');
    call.hidden = false;
    return [hidden, isHidden, box('position: fixed; inset: 10px 20px; width: auto; height: auto')];
  });
  assert.deepEqual(sizes, ['0×0 at 0,0', '0×0 at 0,0', '440×340 at 20,10']);
});

test('nothing outside of the element is written or patched', async () => {
  /** Runs before everything else in the page: keeps what is native, and watches the document. */
  const watch = (): void => {
    globalThis.changes = [];
    const names = [
      'RTCPeerConnection RTCRtpSender RTCRtpReceiver RTCRtpTransceiver RTCSessionDescription RTCIceCandidate',
      'RTCDataChannel MediaStream MediaStreamTrack MediaDevices HTMLMediaElement HTMLVideoElement WebSocket',
      'Element HTMLElement Node Document ShadowRoot EventTarget Promise Array Object String Function Map Set',
    ].flatMap((line) => line.split(' '));
    // Kept, because the harness puts a class of its own before RTCPeerConnection, to watch it.
    const natives = names.map(
      (name) =>
        [name, (globalThis as unknown as Record<string, { prototype: object }>)[name]!] as const,
    );
    const shape = (): Record<string, string> => {
      const found: Record<string, string> = {};
      const describe = (name: string, holder: object): void => {
        for (const key of Reflect.ownKeys(holder)) {
          const property = Object.getOwnPropertyDescriptor(holder, key);
          const parts = [property?.get, property?.set, property?.value] as unknown[];
          found[`${name}.${String(key)}`] = parts
            .map((part) =>
              typeof part === 'function' ? Function.prototype.toString.call(part) : typeof part,
            )
            .join();
        }
      };
      for (const [name, native] of natives) {
        describe(name, native);
        describe(`${name}.prototype`, native.prototype);
      }
      describe('navigator', navigator);
      describe('navigator.mediaDevices', navigator.mediaDevices);
      describe('window', globalThis);
      return found;
    };
    const before = shape();
    Object.assign(globalThis, {
      differences: () => {
        const now = shape();
        const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
        return [...keys].filter((key) => before[key] !== now[key]);
      },
    });
    document.addEventListener('DOMContentLoaded', () => {
      const describe = (node: Node): string =>
        node instanceof Element ? node.outerHTML.slice(0, 100) : node.nodeName;
      const observer = new MutationObserver((records) => {
        for (const { type, target, addedNodes, removedNodes, attributeName } of records)
          changes.push(
            `${type} of ${describe(target)}: ${attributeName ?? ''} ${[...addedNodes, ...removedNodes].map(describe).join()}`,
          );
      });
      observer.observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
  };
  const room = stage.room();
  const friend = await stage.caller(room);
  const person = await stage.visit(`<video-call room="${room}" name="Me"></video-call>`, {
    first: watch,
    viewport: { width: 900, height: 600 },
  });
  const styles = (): Promise<unknown> =>
    person.page.evaluate(() => ({
      sheets: document.styleSheets.length,
      adopted: document.adoptedStyleSheets.length,
      rules: [...document.styleSheets].map(({ cssRules }) => cssRules.length),
      title: document.title,
      cookies: document.cookie,
      stored: [localStorage.length, sessionStorage.length],
      active: document.activeElement?.localName,
      html: document.documentElement.getAttributeNames(),
    }));
  const before = await styles();
  await person.join();
  await areInCall(person, friend);
  await wholeCall(person);
  await friend.sees(1);

  assert.deepEqual(await person.page.evaluate(() => changes), []);
  const after = (await styles()) as Record<string, unknown>;
  assert.deepEqual({ ...after, active: '' }, { ...(before as object), active: '' });
  const page = await person.page.evaluate(() => ({
    elements: [...document.querySelectorAll('*')].map(({ localName }) => localName).join(' '),
    // What the harness's class has of its own; a patch would land on it.
    watching: Reflect.ownKeys(RTCPeerConnection.prototype).map(String).sort().join(' '),
  }));
  assert.deepEqual(page, {
    elements: 'html head meta title style script body video-call',
    watching: 'constructor setConfiguration',
  });
  const differences = await person.page.evaluate(() =>
    (globalThis as unknown as { differences: () => string[] }).differences(),
  );
  // The harness's own, and what Lit keeps for all copies of itself in a page.
  const known =
    /^window\.(differences|changes|watched|RTCPeerConnection|__pw.*|lit(Element|Html)Versions|reactiveElementVersions|litPropertyMetadata)$/;
  assert.deepEqual(
    differences.filter((name) => !known.test(name)),
    [],
  );
});

async function writeHello(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Chat/ }).click();
  const box = page.getByRole('textbox', { name: 'Write a message' });
  await box.fill('Hello https://example.org/');
  await box.press('Enter');
  await page.getByRole('log', { name: 'Chat' }).getByText('Hello').waitFor();
}

/** A call with everything opened that can be: chat, people, settings, another layout, a screen; then leaving. */
async function wholeCall(person: Person): Promise<void> {
  const { page } = person;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  await writeHello(page);
  await button('People').click();
  await page.getByRole('list', { name: 'People' }).waitFor();
  await button('Share screen').click();
  await page.locator('video-call-tile').nth(2).waitFor();
  await button('Layout').or(button('Speaker large')).first().click();
  await button('Settings').click();
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await page.getByRole('dialog').getByRole('combobox', { name: 'Camera' }).waitFor();
  await button('Done').click();
  await button('Camera').click();
  await button('Microphone').click();
  await person.receives(1);
  await button('Leave').click();
  await person.hasState('left');
}

/** The strictest policy that a page can have and still make calls. `nonce` is for the harness's own style. */
const policyFor = (server: string): string =>
  [
    "default-src 'none'",
    `script-src ${server}`,
    `connect-src ${server.replace('http', 'ws')}`,
    "style-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');

test('the strictest Content-Security-Policy with Trusted Types: a whole call without a violation', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const site = await PageServer.start(
    () =>
      `<!doctype html><html lang="en"><title>Strict</title>
<script type="module" src="${stage.server.url}video-call.js"></script>
<video-call room="${room}" name="Strict"></video-call></html>`,
    { 'content-security-policy': policyFor(stage.server.url) },
  );
  try {
    const person = await stage.visitUrl(site.url, {
      viewport: { width: 900, height: 600 },
      first: () => {
        globalThis.violations = [];
        // Also those of shadow trees: the event is composed and bubbles.
        document.addEventListener('securitypolicyviolation', (event) => {
          violations.push(
            `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${String(event.lineNumber)} ${event.sample}`,
          );
        });
      },
    });
    const state = (): Promise<string> => person.run((element) => element.state, undefined);
    await person.page.getByRole('button', { name: 'Join' }).click();
    await until(async () => (await state()) === 'joined', 'the call');
    await until(
      async () => (await person.run((e) => e.participants.length, undefined)) === 2,
      'two',
    );
    await Promise.all([person.receives(1), friend.receives(1)]);

    const { page } = person;
    const button = (name: string | RegExp) => page.getByRole('button', { name });
    await writeHello(page);
    await until(
      () => friend.run((element) => element.messages.length === 1, undefined),
      'the message',
    );
    await button('People').click();
    await page.getByRole('list', { name: 'People' }).waitFor();
    await button('Settings').click();
    await page.getByRole('dialog').getByRole('combobox', { name: 'Camera' }).waitFor();
    await button('Done').click();
    await button('Share screen').click();
    await page.locator('video-call-tile').nth(2).waitFor();
    // Tiles stand where the layout puts them: styles set by script work although inline styles are forbidden.
    const boxes = await page.locator('video-call-tile').evaluateAll((tiles) =>
      tiles.map((tile) => {
        const { left, top, width, height } = tile.getBoundingClientRect();
        return [left, top, width, height].map(Math.round).join();
      }),
    );
    assert.equal(new Set(boxes).size, 3, boxes.join(' '));
    await button('Leave').click();
    await until(async () => (await state()) === 'left', 'leaving');
    await friend.sees(1);

    assert.deepEqual(await page.evaluate(() => violations), []);
    assert.deepEqual(person.pageErrors, []);

    // The policy is in force: what it forbids does not work here.
    const isForbidden = await page.evaluate(() => {
      document.body.setAttribute('style', 'color: red');
      try {
        document.body.innerHTML = '<b>markup</b>';
        return false;
      } catch {
        return true;
      }
    });
    assert.ok(isForbidden);
    await until(() => page.evaluate(() => violations.length >= 2), 'the violations');
  } finally {
    await site.stop();
  }
});

test('a Permissions-Policy that forbids camera and microphone is said in words, and the call goes on', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const site = await PageServer.start(
    () => embedPage(stage.server.url, `<video-call room="${room}"></video-call>`),
    { 'permissions-policy': 'camera=(), microphone=(), display-capture=()' },
  );
  try {
    const person = await stage.visitUrl(site.url);
    await person.page.getByText('The camera is blocked for this page.').waitFor();
    await person.page.getByText('The microphone is blocked for this page.').waitFor();
    await person.join();
    await Promise.all([person.sees(2), friend.sees(2)]);
    await person.receives(1);
    const refused = await person.run(
      (element) =>
        element.toggleScreenShare(true).then(
          () => 'shared',
          (error: unknown) => (error as { code?: string }).code,
        ),
      undefined,
    );
    assert.equal(refused, 'screen-denied');
    await person.receives(1);
    assert.deepEqual(person.pageErrors, []);
  } finally {
    await site.stop();
  }
});

test('in a frame of another origin: with allow="camera; microphone" a call, without it words', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const inner = stage.url(`<video-call room="${room}"></video-call>`);
  const frames = await PageServer.start((path) => {
    const allow = path.includes('allowed') ? 'allow="camera; microphone; autoplay"' : '';
    return `<!doctype html><title>Frame</title><iframe ${allow} width="460" height="340" src="${inner.replaceAll('&', '&amp;')}"></iframe>`;
  });
  const outer = frames.url.replace('localhost', '127.0.0.1');
  try {
    const person = await stage.visitUrl(`${outer}forbidden`);
    const frame = person.page.frameLocator('iframe');
    await frame.getByText('The camera is blocked for this page.').waitFor();
    await person.page.goto(`${outer}allowed`);
    await frame.getByRole('button', { name: 'Join' }).click();
    await friend.sees(2);
    await friend.receives(1);
    assert.deepEqual(person.pageErrors, []);
  } finally {
    await frames.stop();
  }
});
