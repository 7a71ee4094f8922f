import { css } from 'lit';

export const soundStyles = css`
  :host {
    position: absolute;
    z-index: 1;
    inset-inline: 8px;
    inset-block-end: 16px;
    display: flex;
    justify-content: center;
    pointer-events: none;
  }
  audio {
    display: none;
  }
  button {
    pointer-events: auto;
    border-radius: 2em;
    box-shadow: var(--_shadow);
  }
`;
