import type { Participant, QualityCeiling } from '../call/state.ts';
import type { LayoutChoice } from '../layout/stage.ts';

/** The buttons of the controls bar, in their order. */
export const CONTROL_NAMES = [
  'microphone',
  'camera',
  'screen',
  'reactions',
  'chat',
  'people',
  'layout',
  'settings',
  'leave',
] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];

/** Ceilings of what is sent and asked for; the first is the default. */
export const QUALITIES = ['auto', 'high', 'medium', 'low'] as const satisfies QualityCeiling[];

/** What the page and the browser let the call look like. */
export interface ViewOptions {
  readonly layout: LayoutChoice;
  readonly controls: readonly ControlName[];
  readonly lang: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly audioOnly: boolean;
  readonly viewOnly: boolean;
  readonly canShareScreen: boolean;
  readonly canChooseSpeaker: boolean;
}

export const DEFAULT_OPTIONS: ViewOptions = {
  layout: 'auto',
  controls: CONTROL_NAMES,
  lang: 'en',
  theme: 'auto',
  audioOnly: false,
  viewOnly: false,
  canShareScreen: true,
  canChooseSpeaker: false,
};

/** The page, or the server, lets the caller watch and listen only. */
export const isWatching = ({ viewOnly }: ViewOptions, local: Participant): boolean =>
  viewOnly || local.role === 'viewer';

/** 0 (silence) to 1 of a participant's voice at this moment. */
export type LevelOf = (participantId: string) => number;
