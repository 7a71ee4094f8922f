import { CallError, type ErrorCode } from '../protocol/errors.ts';

interface Answer {
  readonly code?: ErrorCode;
  readonly detail?: string;
}

/** What was asked of the server and is not answered yet: it answers in the order of asking. */
export class Asked {
  readonly #waiting: ((answer: Answer) => void)[] = [];

  /** Resolves when the server says that it is done; rejects with a CallError when it is not. */
  async ask(): Promise<void> {
    const { code, detail } = await new Promise<Answer>((resolve) => this.#waiting.push(resolve));
    if (code) throw new CallError(code, detail);
  }

  answer(answer: Answer): void {
    this.#waiting.shift()?.(answer);
  }

  /** There will be no answers any more. */
  fail(code: ErrorCode): void {
    for (const resolve of this.#waiting.splice(0)) resolve({ code });
  }
}
