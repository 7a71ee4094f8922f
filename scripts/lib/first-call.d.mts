/** The budget for the bytes of a first call, brotli: 45 kB. */
export const BUDGET: number;
export interface ScriptSize {
  /** Path within dist/. */
  readonly file: string;
  readonly bytes: number;
  readonly brotli: number;
  /** Whether a first call loads it. */
  readonly isFirst: boolean;
}
/** Every script of dist/, those of a first call first. */
export function firstCall(): readonly ScriptSize[];
