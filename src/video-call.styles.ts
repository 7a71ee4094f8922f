import { css } from 'lit';

/** The element as the page sees it: a box that a page can size like a video. */
export const hostStyles = css`
  :host {
    display: grid;
    position: relative;
    inline-size: 100%;
    block-size: min(75vh, 640px);
    min-inline-size: 192px;
    min-block-size: 144px;
    overflow: hidden;
    contain: content;
  }

  :host([hidden]) {
    display: none;
  }

  /* In the flow and with a least height of its own: a page may unset every style of the host. */
  video-call-view {
    position: relative;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 144px;
  }
`;
