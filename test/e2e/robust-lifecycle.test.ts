import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Participant } from '../../src/call/state.ts';
import { PageServer } from './harness/page-server.ts';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  /** Every track that the page was given, and the questions that wait for `answer()`. */
  var captured: { readonly tracks: MediaStreamTrack[]; asked: number; answer?: () => void };
  var noted: string[];
  var act: () => void;
}

const stage = Stage.set();

/** Keeps all tracks. With `holdsBack` in the address, getUserMedia waits for `captured.answer()`. */
function watchCapture(): void {
  globalThis.captured = { tracks: [], asked: 0 };
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  const holdsBack = location.search.includes('holds-back');
  mediaDevices.getUserMedia = async (constraints) => {
    captured.asked++;
    if (holdsBack) await new Promise<void>((resolve) => (captured.answer = resolve));
    const stream = await original(constraints);
    captured.tracks.push(...stream.getTracks());
    return stream;
  };
}

/** Notes in the page who joins and leaves, as the element tells it. */
async function watchRoster(person: Person): Promise<void> {
  await person.run((element) => {
    globalThis.noted = [];
    for (const type of ['participant-joined', 'participant-left'] as const)
      element.addEventListener(type, ({ participant }: { participant: Participant }) => {
        noted.push(`${type} ${participant.id}`);
      });
  }, undefined);
}
const roster = (person: Person): Promise<string[]> => person.page.evaluate(() => noted);

/** Milliseconds from `act` in the page until every track has ended; -1 when one is live after two seconds. */
async function released(person: Person, act: () => void): Promise<number> {
  // By the page's own clock from beginning to end: the way from here to there may be long on a busy machine.
  await person.page.evaluate(`globalThis.act = ${act.toString()}`);
  return person.page.evaluate(async () => {
    const start = performance.now();
    globalThis.act();
    for (;;) {
      const time = performance.now() - start;
      if (captured.tracks.every(({ readyState }) => readyState === 'ended')) return time;
      if (time > 2_000) return -1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
}

/** Nothing of a call is left in the page. */
async function isGone(person: Person): Promise<void> {
  await until(async () => (await person.openConnections()) === 0, 'the end of all connections');
  await until(() => person.sockets.every((socket) => socket.isClosed()), 'the end of the socket');
  assert.ok(
    await person.page.evaluate(() =>
      captured.tracks.every((track) => track.readyState === 'ended'),
    ),
    'camera and microphone are released',
  );
  assert.deepEqual(person.pageErrors, []);
}

/** How far each media element on the page has played, in seconds; a paused one counts as 0. */
const played = (person: Person): Promise<number[]> =>
  person.page
    .locator('video-call video, video-call audio')
    .evaluateAll((all) =>
      (all as HTMLMediaElement[]).map((media) => (media.paused ? 0 : media.currentTime)),
    );

/** All pictures and sounds on the page go on. */
async function plays(person: Person, count: number): Promise<void> {
  let before: number[] = [];
  await until(
    async () => {
      const now = await played(person);
      const isPlaying =
        now.length === count &&
        before.length === count &&
        now.every((time, index) => time > (before[index] ?? Infinity));
      before = now;
      return isPlaying;
    },
    `${String(count)} media elements to play`,
  );
}

describe('moved in the document during a call', () => {
  const moves: Readonly<Record<string, () => void>> = {
    'before another element': () => {
      const box = document.body.appendChild(document.createElement('main'));
      const last = box.appendChild(document.createElement('p'));
      box.insertBefore(document.querySelector('video-call')!, last);
    },
    'to another place': () => {
      const box = document.body.appendChild(document.createElement('section'));
      box.append(document.querySelector('video-call')!);
    },
    'into a shadow root and out again': () => {
      const box = document.body.appendChild(document.createElement('div'));
      const root = box.attachShadow({ mode: 'open' });
      const call = document.querySelector('video-call')!;
      root.append(call);
      document.body.append(call);
    },
    'by a list that is sorted': () => {
      const call = document.querySelector('video-call')!;
      for (let turn = 0; turn < 20; turn++) {
        call.parentElement?.append(document.createElement('hr'));
        call.parentElement?.append(call);
      }
    },
  };

  test('the call goes on over the same connection, and nobody notices', async () => {
    const room = stage.room();
    const friend = await stage.caller(room, 'name="Friend"');
    const person = await stage.caller(room, 'name="Mover"');
    await areInCall(person, friend);
    await watchRoster(person);
    await watchRoster(friend);
    const ids = await person.run((element) => element.participants.map(({ id }) => id), undefined);
    // Own picture, the other's picture, the other's sound.
    await plays(person, 3);

    for (const [name, move] of Object.entries(moves)) {
      const before = await friend.received();
      await person.page.evaluate(move);
      await plays(person, 3);
      await Promise.all([person.receives(1), friend.receives(1)]);
      const after = await friend.received();
      assert.deepEqual([...after.keys()], [...before.keys()], name);
      assert.equal(await person.state(), 'joined', name);
    }
    // Longer out of the page than one task, still within a move: what frameworks do between two frames.
    await person.page.evaluate(async () => {
      const call = document.querySelector('video-call')!;
      call.remove();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      document.body.append(call);
    });
    await plays(person, 3);
    await Promise.all([person.receives(1), friend.receives(1)]);

    assert.equal(await person.page.evaluate(() => watched.connections.length), 1);
    assert.equal(await friend.page.evaluate(() => watched.connections.length), 1);
    assert.equal(person.sockets.length, 1);
    assert.deepEqual(await roster(friend), []);
    assert.deepEqual(await roster(person), []);
    const now = await person.run((element) => element.participants.map(({ id }) => id), undefined);
    assert.deepEqual(now, ids);
    assert.deepEqual(person.pageErrors, []);
  });

  test('into a closed component: the element in its shadow root is the same call', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.caller(room);
    await areInCall(person, friend);
    await watchRoster(friend);
    const before = (await friend.received()).values().next().value?.framesDecoded ?? 0;
    await person.page.evaluate(() => {
      const box = document.body.appendChild(document.createElement('div'));
      box.attachShadow({ mode: 'closed' }).append(document.querySelector('video-call')!);
    });
    await friend.receives(1);
    const after = (await friend.received()).values().next().value?.framesDecoded ?? 0;
    assert.ok(after > before);
    assert.deepEqual(await roster(friend), []);
    assert.equal(await person.openConnections(), 1);
    assert.deepEqual(person.pageErrors, []);
  });
});

describe('removed', () => {
  test('during a call: camera and microphone are released within a second, the others see it gone', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit(`<video-call room="${room}" autojoin></video-call>`, {
      first: watchCapture,
    });
    await areInCall(person, friend);
    const time = await released(person, () => {
      document.querySelector('video-call')?.remove();
    });
    assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
    await friend.sees(1);
    await isGone(person);
    await until(async () => (await friend.openConnections()) === 0, "the friend's end");
    assert.equal(await friend.page.locator('video-call-tile').count(), 1);
  });

  test('with its parent and a screen shared: the screen is released too', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit(
      `<div id="parent"><video-call room="${room}" autojoin></video-call></div>`,
      {
        first: () => {
          globalThis.captured = { tracks: [], asked: 0 };
          const { mediaDevices } = navigator;
          for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
            const original = mediaDevices[name].bind(mediaDevices);
            mediaDevices[name] = async (options?: object) => {
              const stream = await original(options);
              captured.tracks.push(...stream.getTracks());
              return stream;
            };
          }
        },
      },
    );
    await areInCall(person, friend);
    await person.run((element) => element.toggleScreenShare(true), undefined);
    await friend.page.waitForFunction(() =>
      document.querySelector('video-call')?.participants.some(({ screen }) => screen === 'on'),
    );
    assert.ok((await person.page.evaluate(() => captured.tracks.length)) >= 3);
    const time = await released(person, () => {
      document.querySelector('#parent')?.replaceChildren();
    });
    assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
    await friend.sees(1);
    await isGone(person);
  });

  test('while the caller is asked for the camera: what is given later is given back at once', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    await watchRoster(friend);
    const person = await stage.visit(
      `<video-call room="${room}" autojoin></video-call><!-- holds-back -->`,
      { first: watchCapture },
    );
    await until(() => person.page.evaluate(() => captured.answer !== undefined), 'the question');
    await person.page.evaluate(() => {
      document.querySelector('video-call')?.remove();
    });
    await until(
      () => person.page.evaluate(() => document.querySelector('video-call') === null),
      'the removal',
    );
    // Longer than a move may take.
    await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    const time = await released(person, () => {
      captured.answer?.();
    });
    assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
    await until(() => person.page.evaluate(() => captured.tracks.length === 2), 'the devices');
    await isGone(person);
    assert.equal(person.sockets.length, 0);
    assert.equal(await person.page.evaluate(() => watched.connections.length), 0);
    assert.deepEqual(await roster(friend), []);
  });

  test('while the code that reads its relays is loading: nothing is opened', async () => {
    const person = await stage.visit('', { first: watchCapture });
    await person.page.evaluate(() =>
      customElements.whenDefined('video-call').then(() => undefined),
    );
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let isAsked = false;
    await person.page.route(/ice-attribute-.*\.js$/, async (route) => {
      isAsked = true;
      await held;
      await route.continue();
    });
    await person.page.evaluate((room) => {
      const call = document.createElement('video-call');
      call.room = room;
      call.autojoin = true;
      call.iceServers = 'stun:127.0.0.1:9';
      document.body.append(call);
    }, stage.room());
    await until(() => isAsked, 'the request for the chunk');
    await person.page.evaluate(() => document.querySelector('video-call')?.remove());
    const loaded = person.page.waitForResponse(/ice-attribute-.*\.js$/);
    release();
    await loaded;
    await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    await isGone(person);
    assert.equal(person.sockets.length, 0, 'no socket was opened');
    assert.equal(await person.page.evaluate(() => captured.tracks.length), 0, 'nor a device');
  });

  test('while the server does not answer: the socket is closed', async () => {
    const room = stage.room();
    const person = await stage.visit(`<video-call room="${room}"></video-call>`, {
      first: watchCapture,
    });
    await person.hasState('lobby');
    try {
      // The lobby has looked at the network, and all that it fetches ahead is there: only the call's own socket is missing.
      await until(() => person.sockets[0]?.isClosed() === true, "the lobby's look at the network");
      await person.page.waitForLoadState('networkidle');
      stage.server.pause();
      await person.page.getByRole('button', { name: 'Join' }).click();
      await until(() => person.sockets.length === 2, 'the socket');
      const time = await released(person, () => {
        document.querySelector('video-call')?.remove();
      });
      assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
      await until(() => person.sockets[1]?.isClosed() === true, 'the end of the socket');
    } finally {
      stage.server.resume();
    }
    await isGone(person);
    const friend = await stage.caller(room);
    await until(async () => {
      const health = (await (await fetch(`${stage.server.url}healthz`)).json()) as {
        readonly members: number;
      };
      return health.members === 1;
    }, 'the server to know one member');
    await friend.sees(1);
  });

  test('as soon as it has joined, with the others still connecting: nobody keeps anything', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    for (let round = 0; round < 3; round++) {
      const person = await stage.visit(`<video-call room="${room}"></video-call>`, {
        first: watchCapture,
      });
      await person.run((element) => {
        element.addEventListener('joined', () => {
          element.remove();
        });
        element.autojoin = true;
      }, undefined);
      await until(
        () => person.page.evaluate(() => document.querySelector('video-call') === null),
        'the removal',
      );
      const time = await released(person, () => undefined);
      assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
      await isGone(person);
      await friend.sees(1);
      await until(async () => (await friend.openConnections()) === 0, "the friend's end");
      await person.close();
    }
    assert.deepEqual(friend.pageErrors, []);
  });

  test('from the lobby: camera and microphone are released, and it can come back', async () => {
    const room = stage.room();
    const person = await stage.visit(`<video-call room="${room}"></video-call>`, {
      first: watchCapture,
    });
    await until(() => person.page.evaluate(() => captured.tracks.length === 2), 'the devices');
    const time = await released(person, () => {
      Object.assign(globalThis, { kept: document.querySelector('video-call') });
      document.querySelector('video-call')?.remove();
    });
    assert.ok(time >= 0 && time <= 1_000, `released after ${String(time)} ms`);
    await isGone(person);
    await person.page.evaluate(() => {
      document.body.append((globalThis as unknown as { kept: Element }).kept);
    });
    await person.join();
    const friend = await stage.caller(room);
    await areInCall(person, friend);
  });
});

describe('mounted as frameworks do it', () => {
  test('mount, unmount, mount in one tick: exactly one call', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    await watchRoster(friend);
    const person = await stage.visit('<div id="root"></div>', { first: watchCapture });
    await person.page.evaluate(async (name) => {
      await customElements.whenDefined('video-call');
      const root = document.querySelector('#root')!;
      const call = document.createElement('video-call');
      call.room = name;
      call.autojoin = true;
      root.append(call);
      call.remove();
      root.append(call);
    }, room);
    await areInCall(person, friend);
    // A second call would have been seen by now; one more round makes sure that both sides have settled.
    await Promise.all([person.receives(1), friend.receives(1)]);
    assert.equal((await roster(friend)).length, 1);
    assert.equal(person.sockets.length, 1);
    assert.equal(await person.page.evaluate(() => watched.connections.length), 1);
    assert.equal(await friend.page.evaluate(() => watched.connections.length), 1);
    assert.equal(await person.page.evaluate(() => captured.asked), 1);
    assert.deepEqual(person.pageErrors, []);
  });

  test('a new element in the place of the first one in one tick: exactly one stays', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit('<div id="root"></div>', { first: watchCapture });
    await person.page.evaluate(async (name) => {
      await customElements.whenDefined('video-call');
      const root = document.querySelector('#root')!;
      for (let mount = 0; mount < 2; mount++) {
        const call = document.createElement('video-call');
        call.setAttribute('room', name);
        call.toggleAttribute('autojoin', true);
        root.replaceChildren(call);
      }
    }, room);
    await areInCall(person, friend);
    await until(async () => (await person.openConnections()) === 1, 'one connection');
    await friend.sees(2);
    await until(
      () =>
        person.page.evaluate(
          () => captured.tracks.filter(({ readyState }) => readyState === 'live').length === 2,
        ),
      'one camera and one microphone',
    );
    assert.deepEqual(person.pageErrors, []);
  });

  test('mounted and unmounted in one tick: nothing is left, nobody is told', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    await watchRoster(friend);
    const person = await stage.visit('', { first: watchCapture });
    await person.page.evaluate(async (name) => {
      await customElements.whenDefined('video-call');
      const call = document.createElement('video-call');
      call.room = name;
      call.autojoin = true;
      document.body.append(call);
      call.remove();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }, room);
    await isGone(person);
    assert.deepEqual(await roster(friend), []);
    assert.equal(person.sockets.length, 0);
  });

  test('removed and put back later: a new call, with the same element', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.caller(room);
    await areInCall(person, friend);
    await person.page.evaluate(async () => {
      const call = document.querySelector('video-call')!;
      call.remove();
      await new Promise((resolve) => setTimeout(resolve, 500));
      document.body.append(call);
    });
    await person.hasState('joined');
    await areInCall(person, friend);
    assert.equal(await person.openConnections(), 1);
    assert.equal(await friend.openConnections(), 1);
    await plays(person, 3);
  });
});

describe('made in every way that a page may choose', () => {
  /** A page without the script of the element, which the test adds when it wants. */
  async function visitBare(body: string): Promise<Person> {
    const site = await PageServer.start(() => `<!doctype html><title>Bare</title>${body}`);
    try {
      return await stage.visitUrl(site.url);
    } finally {
      await site.stop();
    }
  }
  const load = (person: Person, query = ''): Promise<unknown> =>
    person.page.addScriptTag({ url: `${stage.server.url}video-call.js${query}`, type: 'module' });

  test('with properties and listeners set before the script has loaded', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await visitBare('');
    await person.page.evaluate((name) => {
      const call = document.createElement('video-call');
      document.body.append(call);
      // Not upgraded yet: these are properties of the object itself.
      Object.assign(call, { room: name, name: 'Early', autojoin: true, muted: true });
      Object.assign(call, { iceServers: [{ urls: 'stun:127.0.0.1:9' }] });
      globalThis.noted = [];
      call.addEventListener('joined', (event) => noted.push(event.room));
    }, room);
    await load(person);
    await person.hasState('joined');
    await Promise.all([person.sees(2), friend.sees(2)]);
    await person.receives(1);
    await friend.receives(1, { audio: false });
    assert.deepEqual(await roster(person), [room]);
    const seen = await friend.run((element) => element.participants[1], undefined);
    assert.equal(seen?.name, 'Early');
    assert.equal(seen.microphone, 'off');
    const used = await person.page.evaluate(() => watched.configurations[0]?.iceServers);
    assert.deepEqual(used, [{ urls: ['stun:127.0.0.1:9'] }]);
    // The properties of the class are not hidden by those of the object: they are still hot.
    await person.run((element) => {
      element.name = 'Later';
    }, undefined);
    await friend.page.waitForFunction(
      () => document.querySelector('video-call')?.participants[1]?.name === 'Later',
    );
  });

  test('by createElement, with properties set before and after it is in the page', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit('');
    const joined = await person.page.evaluate(async (name) => {
      await customElements.whenDefined('video-call');
      const call = document.createElement('video-call');
      call.room = name;
      call.viewOnly = true;
      document.body.append(call);
      call.name = 'After';
      call.viewOnly = false;
      await call.join();
      return call.state;
    }, room);
    assert.equal(joined, 'joined');
    await areInCall(person, friend);
    const seen = await friend.run((element) => element.participants[1]?.name, undefined);
    assert.equal(seen, 'After');
  });

  test('by innerHTML, by cloneNode and by importNode of a template', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit('<div id="root"></div>');
    const markup = `<video-call room="${room}" name="Copy &amp; paste" autojoin camera-off></video-call>`;
    const ways: readonly ((html: string) => void)[] = [
      (html) => {
        document.querySelector('#root')!.innerHTML = html;
      },
      () => {
        const call = document.querySelector('video-call')!;
        call.replaceWith(call.cloneNode(true));
      },
      (html) => {
        const template = document.createElement('template');
        template.innerHTML = html;
        document
          .querySelector('#root')!
          .replaceChildren(document.importNode(template.content, true));
      },
    ];
    for (const way of ways) {
      await person.page.evaluate(way, markup);
      await person.hasState('joined');
      await Promise.all([person.sees(2), friend.sees(2)]);
      await person.receives(1);
      await friend.receives(1, { video: false });
      const seen = await friend.run((element) => element.participants[1], undefined);
      assert.equal(seen?.name, 'Copy & paste');
      assert.equal(seen.camera, 'off');
    }
    await until(async () => (await person.openConnections()) === 1, 'one connection');
    assert.deepEqual(person.pageErrors, []);
  });

  test('with the script loaded twice, and with autojoin added later', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await visitBare(`<video-call room="${room}"></video-call>`);
    await load(person);
    await load(person);
    await load(person, '?v=2');
    await person.hasState('lobby');
    assert.equal(await person.page.getByRole('button', { name: 'Join' }).count(), 1);
    await person.run((element) => {
      element.setAttribute('autojoin', '');
    }, undefined);
    await person.hasState('joined');
    await areInCall(person, friend);
    await until(async () => (await person.openConnections()) === 1, 'one connection');
    assert.deepEqual(person.pageErrors, []);
    assert.deepEqual(person.warnings, []);
    // Leaving is the caller's wish; autojoin does not overrule it.
    await person.run((element) => element.leave(), undefined);
    await person.run(async (element) => {
      element.name = 'Somebody';
      await element.updateComplete;
    }, undefined);
    await friend.sees(1);
    assert.equal(await person.state(), 'left');
  });

  test('under another tag name', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await visitBare('<div id="root"></div>');
    await person.page.evaluate(
      async ([url, name]) => {
        const module = (await import(url)) as typeof import('../../src/index.ts');
        module.defineVideoCall('our-meeting');
        module.defineVideoCall('our-meeting');
        module.defineVideoCall();
        const call = document.createElement('our-meeting');
        call.setAttribute('room', name);
        call.setAttribute('name', 'Other tag');
        call.setAttribute('layout', 'zigzag');
        document.querySelector('#root')!.append(call);
      },
      [`${stage.server.url}video-call.js`, room] as const,
    );
    await person.page.getByRole('button', { name: 'Join' }).click();
    await friend.sees(2);
    await friend.receives(1);
    const seen = await friend.run((element) => element.participants[1]?.name, undefined);
    assert.equal(seen, 'Other tag');
    assert.ok(person.warnings.some((text) => text.includes('<our-meeting> attribute-invalid')));
    assert.equal(await person.page.locator('our-meeting video-call-tile').count(), 2);
    assert.deepEqual(person.pageErrors, []);
  });

  test('join() before the element is in the page waits for it', async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit('');
    await person.page.evaluate(async (name) => {
      await customElements.whenDefined('video-call');
      const call = document.createElement('video-call');
      call.room = name;
      const joining = call.join();
      document.body.append(call);
      await joining;
    }, room);
    await areInCall(person, friend);
    assert.equal(await person.page.evaluate(() => watched.connections.length), 1);
  });
});
