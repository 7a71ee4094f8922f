import { css } from 'lit';

/** The element as the page sees it: a box that a page can size like a video. */
export const hostStyles = css`
  :host {
    display: block;
    position: relative;
    inline-size: 100%;
    block-size: min(75vh, 40rem);
    min-inline-size: 12rem;
    min-block-size: 9rem;
    overflow: hidden;
    contain: content;
  }

  :host([hidden]) {
    display: none;
  }

  video-call-view {
    position: absolute;
    inset: 0;
  }
`;
