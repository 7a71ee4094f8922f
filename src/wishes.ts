import type { LitElement } from 'lit';
import { readChoice, readControls, readServer, type Report } from './attributes.ts';
import type { CallConfig } from './call/config.ts';
import { CallError } from './call/errors.ts';
import type { QualityCeiling } from './call/state.ts';
import { DEFAULT_OPTIONS, QUALITIES, type ViewOptions } from './elements/options.ts';
import { canCaptureScreen } from './media/capture.ts';
import type { IceServer } from './protocol/ice.ts';
import type { ServerAddress } from './signaling/server-address.ts';

/** The element as a page has set it, in words that may be wrong. */
export interface Wishful extends LitElement {
  readonly room: string;
  readonly name: string;
  readonly token: string;
  readonly server: string;
  readonly iceServers: string | readonly RTCIceServer[];
  readonly iceTransportPolicy: string;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly audioOnly: boolean;
  readonly viewOnly: boolean;
  readonly layout: string;
  readonly quality: string;
  readonly controls: string | undefined;
  readonly theme: string;
}

/** Reads what a page wants of the call, each value when it changes only, so that a wrong one is reported once. */
export class Wishes {
  /** What the call looks like. */
  options: ViewOptions = DEFAULT_OPTIONS;
  readonly #element: Wishful;
  readonly #report: Report;
  #iceServers: readonly IceServer[] = [];
  #reading: Promise<void> | undefined;
  /** There are wishes that the call does not know. */
  #isNew = false;
  #policy: RTCIceTransportPolicy = 'all';
  #quality: QualityCeiling = 'auto';
  #server: ServerAddress | undefined;

  constructor(element: Wishful, report: Report) {
    this.#element = element;
    this.#report = report;
  }

  /** While the page's STUN and TURN servers are being read the call does not know of the page's wishes. */
  get reading(): Promise<void> | undefined {
    return this.#reading;
  }

  /**
   * What the call has to know now; undefined when it knows already, or has to wait. `defaultServer` is used when the page names
   * none; a call that `isMissing` knows nothing.
   */
  read(
    changed: ReadonlyMap<PropertyKey, unknown>,
    defaultServer: string,
    isMissing: boolean,
  ): CallConfig | undefined {
    const element = this.#element;
    const report = this.#report;
    const isFirst = !element.hasUpdated;
    if (changed.has('iceServers')) this.#reading = this.#readIceServers();
    if (changed.has('iceTransportPolicy'))
      this.#policy = readChoice(
        'ice-transport-policy',
        element.iceTransportPolicy,
        ['all', 'relay'],
        report,
      );
    if (changed.has('quality'))
      this.#quality = readChoice('quality', element.quality, QUALITIES, report);
    if (changed.has('server') || isFirst)
      this.#server = readServer(element.server, defaultServer, report);
    // Most updates are of the call's state; these are of the page's wishes.
    if (changed.size > 0 || isFirst) this.options = this.#readOptions(changed);
    this.#isNew ||= changed.size > 0 || isMissing;
    if (!this.#isNew || this.#reading) return undefined;
    this.#isNew = false;
    return this.#config();
  }

  /** The reader comes on demand, since most pages leave STUN and TURN to the server. */
  #readIceServers(): Promise<void> | undefined {
    const wanted = this.#element.iceServers;
    if (wanted.length === 0) {
      this.#iceServers = [];
      return undefined;
    }
    const read = async (): Promise<void> => {
      try {
        const { readIceServers } = await import('./ice-attribute.ts');
        if (wanted !== this.#element.iceServers) return;
        this.#iceServers = readIceServers(wanted, this.#report);
      } catch (cause) {
        this.#report(new CallError('server-unreachable', '', cause));
      }
      this.#reading = undefined;
      this.#element.requestUpdate();
    };
    return read();
  }

  #config(): CallConfig {
    const { room, name, token, audioOnly, viewOnly, muted, cameraOff } = this.#element;
    return {
      room: room.trim(),
      name,
      token: token.trim(),
      server: this.#server,
      iceServers: this.#iceServers,
      iceTransportPolicy: this.#policy,
      quality: this.#quality,
      audioOnly,
      viewOnly,
      startMuted: muted,
      startCameraOff: cameraOff,
    };
  }

  #readOptions(changed: ReadonlyMap<PropertyKey, unknown>): ViewOptions {
    const { layout, theme, controls, lang, audioOnly, viewOnly } = this.#element;
    const report = this.#report;
    const before = this.options;
    return {
      layout: changed.has('layout')
        ? readChoice('layout', layout, ['auto', 'grid', 'speaker'], report)
        : before.layout,
      theme: changed.has('theme')
        ? readChoice('theme', theme, ['auto', 'light', 'dark'], report)
        : before.theme,
      controls: changed.has('controls') ? readControls(controls, report) : before.controls,
      lang: lang || languageAround(this.#element),
      audioOnly,
      viewOnly,
      canShareScreen: canCaptureScreen(),
      canChooseSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
    };
  }
}

/** That of the page around an element, which may be inside of another's shadow; else the browser's. */
function languageAround(element: Element): string {
  const around = element.closest<HTMLElement>('[lang]:not([lang=""])') ?? document.documentElement;
  return around.lang || navigator.language;
}
