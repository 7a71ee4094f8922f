import type { LayoutChoice } from '../layout/stage.ts';
import type { ControlName } from './options.ts';

// What stays in the view; everything else is a request (call/requests.ts). All of them bubble inside one shadow root.

/** The tile asks to be shown large, or not any more. */
export class PinEvent extends Event {
  static readonly eventName = 'video-call-pin';
  constructor() {
    super(PinEvent.eventName, { bubbles: true });
  }
}

/** A control whose effect stays in the view: it opens or closes a panel or the settings, or changes the layout. */
export class ControlEvent extends Event {
  static readonly eventName = 'video-call-control';
  readonly control: ControlName;
  constructor(control: ControlName) {
    super(ControlEvent.eventName, { bubbles: true });
    this.control = control;
  }
}

/** The caller chose a layout. */
export class LayoutEvent extends Event {
  static readonly eventName = 'video-call-layout';
  readonly layout: LayoutChoice;
  constructor(layout: LayoutChoice) {
    super(LayoutEvent.eventName, { bubbles: true });
    this.layout = layout;
  }
}
