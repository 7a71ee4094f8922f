/** Counts of tests. A test that was skipped or is still to be written is neither passed nor failed. */
export const NONE = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

export function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
