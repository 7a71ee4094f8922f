/** Waits until `check` is true: a condition, never a time. `what`: what was waited for; asked for only in vain. */
export async function until(
  check: () => boolean | Promise<boolean>,
  what: string | (() => string),
  timeout = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await check())) {
    if (Date.now() > deadline)
      throw new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
