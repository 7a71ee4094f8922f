import { css } from 'lit';

export const viewStyles = css`
  /* What the page lets its elements inherit stays outside, except whether they can be seen and clicked. */
  :host {
    all: initial;
    visibility: inherit;
    pointer-events: inherit;
    display: block;
    position: relative;
    box-sizing: border-box;
    width: 100%;
    height: 100%;
    overflow: hidden;
  }
  .root {
    position: absolute;
    inset: 0;
    overflow: hidden;
    contain: strict;
    container-type: size;
    cursor: default;
    text-align: start;
  }
  .root:focus-visible {
    outline: none;
  }
`;
