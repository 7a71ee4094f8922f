import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the machine has nothing else to do; false when it still has after so many minutes. */
export async function waitForIdle(below: number, minutes: string): Promise<boolean> {
  const deadline = Date.now() + Number(minutes) * 60_000;
  let isTold = false;
  // The average of a minute lags behind: it falls below the limit only after a while of real quiet.
  for (;;) {
    const [last = 0] = loadavg();
    if (last < below) return true;
    if (Date.now() >= deadline) return false;
    if (!isTold) console.error(`Load is ${last.toFixed(2)}: waiting until it is below ${below} …`);
    isTold = true;
    await sleep(2_000);
  }
}
