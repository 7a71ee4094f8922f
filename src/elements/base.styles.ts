import { css } from 'lit';

/** What every element of the call starts from: boxes, icons, buttons, fields, the focus ring. */
export const base = css`
  :host {
    display: block;
    box-sizing: border-box;
    min-width: 0;
    min-height: 0;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
    min-width: 0;
  }
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
    font: inherit;
  }
  .icon {
    flex: none;
    width: 1.375em;
    height: 1.375em;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon-leave {
    fill: currentcolor;
  }
  .icon-more {
    stroke-width: 3;
  }
  :host(:dir(rtl)) :is(.icon-previous, .icon-next, .icon-send) {
    transform: scaleX(-1);
  }
  button,
  input,
  select,
  textarea {
    margin: 0;
    border: 0;
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
    -webkit-tap-highlight-color: transparent;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-height: 2.5em;
    padding: 0.5em 1em;
    border-radius: var(--_radius-small);
    background: var(--_raised);
    color: var(--_text);
    font-weight: 500;
    text-align: center;
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
    transition:
      background-color 0.15s,
      color 0.15s;
  }
  @media (hover: hover) {
    button:hover {
      background: var(--_hover);
    }
    button.primary:hover,
    button.danger:hover {
      background: var(--_fill);
      filter: brightness(1.12);
    }
  }
  button.primary {
    --_fill: var(--_accent);
    background: var(--_fill);
    color: var(--_on-accent);
  }
  button.danger {
    --_fill: var(--_danger);
    background: var(--_fill);
    color: var(--_on-danger);
  }
  button.plain {
    background: none;
  }
  button.plain:hover {
    background: var(--_hover);
  }
  .round {
    width: 2.5em;
    height: 2.5em;
    padding: 0;
    border-radius: 50%;
  }
  button:disabled,
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 2.75em;
    padding: 0.5em 0.8em;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-small);
    background-color: var(--_surface);
    color: var(--_text);
    appearance: none;
    -webkit-appearance: none;
    text-overflow: ellipsis;
  }
  select {
    padding-inline-end: 2.2em;
    background-image:
      linear-gradient(45deg, transparent 50%, currentcolor 50%),
      linear-gradient(-45deg, transparent 50%, currentcolor 50%);
    background-position:
      calc(100% - 19px) 50%,
      calc(100% - 14px) 50%;
    background-size: 5px 5px;
    background-repeat: no-repeat;
    cursor: pointer;
  }
  select:dir(rtl) {
    background-position:
      14px 50%,
      19px 50%;
  }
  option {
    background: var(--_surface);
    color: var(--_text);
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  :is(input, select, textarea):focus-visible {
    border-color: var(--_accent);
    outline-color: var(--_accent);
    outline-offset: -2px;
  }
  .field {
    display: grid;
    gap: 0.3em;
  }
  .field > span {
    font-size: 0.8125em;
    color: var(--_muted);
  }
  .hint {
    font-size: 0.875em;
    color: var(--_muted);
  }
  .problem {
    display: flex;
    gap: 0.6em;
    align-items: flex-start;
    font-size: 0.875em;
  }
  .problem .icon,
  .warn {
    color: var(--_warning);
  }
  .bad {
    color: var(--_bad);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .spinner {
    flex: none;
    width: 1.25em;
    height: 1.25em;
    border: 2px solid currentcolor;
    border-inline-start-color: transparent;
    border-radius: 50%;
    animation: spin 0.9s linear infinite;
  }
  @keyframes spin {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
    /* What says that something is under way goes on, slowly. */
    .spinner,
    [aria-busy='true']::before {
      animation: spin 4s linear infinite !important;
    }
  }
`;
