import { css } from 'lit';

export const stageStyles = css`
  :host {
    position: relative;
    overflow: hidden;
  }
  .tiles {
    position: absolute;
    inset: 0;
  }
  video-call-tile {
    position: absolute;
    animation: enter 0.25s both;
  }
  .moves video-call-tile {
    transition-property: inset-inline-start, inset-block-start, width, height;
    transition-duration: 0.28s;
    transition-timing-function: cubic-bezier(0.25, 0.8, 0.3, 1);
  }
  .self {
    z-index: 1;
    border-radius: min(var(--_radius), 8px);
    box-shadow: 0 4px 20px #0006;
  }
  @keyframes enter {
    from {
      opacity: 0;
      scale: 0.94;
    }
  }
  slot {
    position: absolute;
    z-index: 2;
    inset-inline: 0;
    inset-block-end: 0;
    display: grid;
    justify-items: center;
    padding: 18px;
    pointer-events: none;
  }
  ::slotted(*) {
    pointer-events: auto;
  }
  .pager {
    position: absolute;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.25em;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  .pager button {
    width: 36px;
    height: 36px;
    min-height: 0;
  }
`;
