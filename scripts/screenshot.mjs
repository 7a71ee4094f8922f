/** Makes the picture of the README: four people in a call, drawn, in the real element on the real server. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CALL_FLAGS, ensureBrowser } from './lib/browser.mjs';
import { ensureBuilt } from './build.mjs';
import { ROOT, say } from './lib/root.mjs';

const PEOPLE = ['Ada', 'Grace', 'Linus', 'Margaret'];
const OUT = join(ROOT, 'docs/images/call.png');

/** Runs in the page: the camera is a drawn person in front of a coloured wall. */
function drawCamera(hue) {
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = new MediaStream();
    if (constraints.video) {
      const canvas = document.createElement('canvas');
      canvas.width = 960;
      canvas.height = 540;
      const pen = canvas.getContext('2d');
      const draw = () => {
        const sway = Math.sin(performance.now() / 900 + hue) * 14;
        const wall = pen.createLinearGradient(0, 0, 960, 540);
        wall.addColorStop(0, `hsl(${hue} 45% 62%)`);
        wall.addColorStop(1, `hsl(${hue + 40} 50% 34%)`);
        pen.fillStyle = wall;
        pen.fillRect(0, 0, 960, 540);
        pen.fillStyle = `hsl(${hue + 190} 40% 30%)`;
        pen.beginPath();
        pen.ellipse(480 + sway, 600, 230, 210, 0, 0, 7);
        pen.fill();
        pen.fillStyle = 'hsl(28 50% 74%)';
        pen.beginPath();
        pen.ellipse(480 + sway, 280, 100, 125, 0, 0, 7);
        pen.fill();
        pen.fillStyle = `hsl(${hue + 20} 30% 18%)`;
        pen.beginPath();
        pen.ellipse(480 + sway, 205, 112, 75, 0, Math.PI, 0);
        pen.fill();
        requestAnimationFrame(draw);
      };
      draw();
      for (const track of canvas.captureStream(15).getTracks()) stream.addTrack(track);
    }
    if (constraints.audio) {
      const audio = new AudioContext().createMediaStreamDestination();
      for (const track of audio.stream.getTracks()) stream.addTrack(track);
    }
    return stream;
  };
}

const executablePath = ensureBrowser();
await ensureBuilt();
const args = '--port 0 --host 127.0.0.1 --stun-port off --log-format text'.split(' ');
const server = spawn(process.execPath, [join(ROOT, 'build/server/main.js'), ...args], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let printed = '';
while (!printed.includes('Stop with')) printed += String((await once(server.stdout, 'data'))[0]);
const [url] = /http:\S+/.exec(printed) ?? [];
const browser = await chromium.launch({ executablePath, args: CALL_FLAGS });
try {
  const pages = [];
  for (const [index, name] of PEOPLE.entries()) {
    const context = await browser.newContext({
      viewport: { width: 1120, height: 660 },
      colorScheme: 'dark',
    });
    const page = await context.newPage();
    await page.addInitScript(drawCamera, 20 + index * 85);
    await page.goto(`${url}?room=friday-demo`);
    await page.getByRole('textbox', { name: 'Your name' }).fill(name);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    pages.push(page);
  }
  const [first, second] = pages;
  await second.evaluate(() =>
    document
      .querySelector('video-call')
      .sendMessage('The new build is up: https://example.com/build'),
  );
  await first.evaluate(() => document.querySelector('video-call').sendMessage('Looks great!'));
  await first.locator('video-call [data-control=chat]').click();
  await first.waitForFunction((count) => {
    const call = document.querySelector('video-call');
    return call.participants.filter((one) => one.connection === 'connected').length === count;
  }, PEOPLE.length);
  // The call alone, as large as the page, once every picture moves.
  await first.addStyleTag({
    content:
      'body > * { visibility: hidden } video-call { visibility: visible; position: fixed !important; inset: 0; width: 100vw !important; height: 100vh !important; max-height: none !important; z-index: 9; border-radius: 0 !important }',
  });
  await first.mouse.move(1, 1);
  await first.waitForFunction(async () => {
    const stats = await document.querySelector('video-call').getStats();
    return stats.length === 3 && stats.every((one) => one.framesDecoded > 60);
  });
  await first.screenshot({ path: OUT });
  say(`Written: ${OUT}`);
} finally {
  await browser.close();
  server.kill();
}
