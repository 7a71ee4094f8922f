import { css } from 'lit';

export const controlStyles = css`
  :host {
    position: relative;
    z-index: 2;
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--_gap);
    padding: calc(var(--_gap) * 0.9) var(--_gap);
    padding-block-start: calc(var(--_gap) * 0.3);
  }
  .control {
    position: relative;
    flex: none;
    width: var(--_size);
    height: var(--_size);
    min-height: 0;
    padding: 0;
    border-radius: 50%;
    background: var(--_raised);
    font-size: calc(var(--_size) * 0.34);
  }
  .control.leave {
    width: calc(var(--_size) * 1.5);
    border-radius: 2em;
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .control:is(.microphone, .camera)[aria-pressed='false'] {
    background: color-mix(in srgb, var(--_bad) 20%, var(--_surface));
    color: var(--_bad);
  }
  .control:is(.screen, .layout)[aria-pressed='true'],
  .control[aria-expanded='true'] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  @media (hover: hover) {
    .control:hover {
      background: var(--_hover);
    }
    .control.leave:hover {
      background: var(--_danger);
      filter: brightness(1.12);
    }
    .control:is(.microphone, .camera)[aria-pressed='false']:hover {
      background: color-mix(in srgb, var(--_bad) 32%, var(--_surface));
    }
    .control:is(.screen, .layout)[aria-pressed='true']:hover,
    .control[aria-expanded='true']:hover {
      background: var(--_accent);
      filter: brightness(1.12);
    }
  }
  .control[aria-busy]::before {
    content: '';
    position: absolute;
    inset: -3px;
    border: 2px solid var(--_muted);
    border-inline-start-color: transparent;
    border-radius: 50%;
    animation: spin 0.9s linear infinite;
  }
  .badge {
    position: absolute;
    inset-block-start: -3px;
    inset-inline-end: -3px;
    min-width: 20px;
    padding-inline: 5px;
    border-radius: 10px;
    background: var(--_accent);
    color: var(--_on-accent);
    box-shadow: 0 0 0 2px var(--_background);
    font-size: 12px;
    font-weight: 600;
    line-height: 20px;
  }
  .dot {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    width: 12px;
    height: 12px;
    border-radius: 50%;
    background: var(--_accent);
    box-shadow: 0 0 0 2px var(--_background);
  }

  .anchor {
    flex: none;
  }
  .menu {
    position: absolute;
    inset-block-end: calc(100% - 2px);
    inset-inline-end: max(6px, 50% - 190px);
    display: grid;
    min-width: min(15em, 100% - 12px);
    max-width: calc(100% - 12px);
    max-height: min(70vh, 400px);
    padding: 6px;
    overflow: auto;
    border-radius: var(--_radius-small);
    background: var(--_surface);
    box-shadow:
      0 0 0 1px var(--_line),
      var(--_shadow);
    animation: rise 0.15s both;
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 6px;
    }
  }
  .menu .control {
    justify-content: flex-start;
    gap: 0.8em;
    width: auto;
    height: auto;
    min-height: 44px;
    padding: 6px 12px;
    border-radius: min(var(--_radius-small), 7px);
    background: none;
    font-size: 0.9375em;
    text-align: start;
  }
  .menu .control:hover {
    background: var(--_hover);
  }
  .menu .badge {
    position: static;
    margin-inline-start: auto;
    box-shadow: none;
  }

  @media (hover: hover) {
    [data-tip]::after {
      content: attr(data-tip);
      position: absolute;
      z-index: 1;
      inset-block-end: calc(100% + 10px);
      left: 50%;
      translate: -50% 0;
      width: max-content;
      padding: 5px 10px;
      border-radius: 7px;
      background: var(--_text);
      color: var(--_background);
      font-size: 13px;
      font-weight: 500;
      line-height: 1.4;
      pointer-events: none;
      opacity: 0;
      transition: opacity 0.12s;
    }
    [data-tip]:is(:hover, :focus-visible)::after {
      opacity: 1;
      transition-delay: 0.35s;
    }
    [data-tip][aria-expanded='true']::after {
      content: none;
    }
  }
`;
