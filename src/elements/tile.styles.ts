import { css } from 'lit';

export const tileStyles = css`
  :host {
    position: relative;
    container: tile / size;
  }
  .tile {
    position: absolute;
    inset: 0;
    overflow: hidden;
    border-radius: min(var(--_radius), 8cqmin);
    background: oklch(var(--_tile-light) 0.025 var(--_hue));
  }
  .screen {
    background: #08090b;
  }
  video {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
    opacity: 0;
    transition: opacity 0.25s;
    pointer-events: none;
  }
  .ready video {
    opacity: 1;
  }
  .ready.whole {
    background: #08090b;
  }
  .whole video {
    object-fit: contain;
  }
  .mirrored video {
    transform: scaleX(-1);
  }
  /* Not over a picture, and no ring either: without a graphics card each frame would be drawn through it. */
  .tile:not(.ready)::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 0 1px #80808026;
    pointer-events: none;
  }
  .speaking {
    box-shadow: 0 0 0 3px var(--_accent);
  }

  .center {
    --_avatar: clamp(28px, 34cqmin, 128px);
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.75em;
    padding: max(6px, 5cqmin);
    font-size: clamp(11px, 4.2cqmin, 16px);
  }
  .screen .center {
    color: #fff;
    font-size: clamp(12px, 8cqmin, 32px);
  }
  .ready .center > :not(.status) {
    display: none;
  }
  .ready.reconnecting .center,
  .ready.failed .center,
  .ready.connecting .center {
    background: #000a;
    color: #fff;
  }
  .reconnecting video {
    filter: grayscale(0.7);
  }
  .reconnecting .avatar,
  .failed .avatar,
  .connecting .avatar {
    opacity: 0.6;
  }
  .center:has(.status) {
    padding-block-end: clamp(8px, 12cqmin, 30px);
  }
  .status {
    display: flex;
    align-items: center;
    gap: 0.5em;
    max-width: 34em;
    max-height: 60%;
    overflow: hidden;
    text-align: start;
  }

  .label {
    position: absolute;
    inset-block-end: clamp(3px, 2.5cqmin, 10px);
    inset-inline-start: clamp(3px, 2.5cqmin, 10px);
    max-width: calc(100% - 2 * clamp(3px, 2.5cqmin, 10px));
    display: flex;
    align-items: center;
    gap: 0.35em;
    padding: 0.2em 0.6em;
    border-radius: min(var(--_radius-small), 0.6em);
    background: #0c0d10b8;
    color: #fff;
    font-size: clamp(11px, 4.2cqmin, 17px);
    font-weight: 500;
    line-height: 1.45;
  }
  .label bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label .icon {
    width: 1.15em;
    height: 1.15em;
    stroke-width: 2;
  }
  .icon-micOff {
    color: #ff9a94;
  }
  .poor {
    display: flex;
    color: #f5b74a;
  }

  .reaction {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 18cqmin;
    overflow: hidden;
    font-size: clamp(18px, 26cqmin, 90px);
    line-height: 1.25;
    text-align: center;
    white-space: nowrap;
    pointer-events: none;
    animation: react 0.2s;
  }
  @keyframes react {
    from {
      scale: 0;
    }
  }

  .pin {
    position: absolute;
    inset-block-start: clamp(4px, 2.5cqmin, 10px);
    inset-inline-end: clamp(4px, 2.5cqmin, 10px);
    width: 40px;
    height: 40px;
    min-height: 0;
    background: #0c0d10b8;
    color: #fff;
    opacity: 0;
    transition: opacity 0.15s;
  }
  .pin:hover {
    background: #0c0d10;
  }
  .pin:focus-visible {
    outline-color: #fff;
    outline-offset: -3px;
  }
  :host([pinned]) .pin {
    opacity: 1;
    color: #000;
    background: #ffffffd9;
  }
  .tile:hover .pin,
  .pin:focus-visible {
    opacity: 1;
  }
  @media (hover: none) {
    .pin {
      opacity: 0.75;
    }
  }
  @container tile (max-width: 150px) or (max-height: 84px) {
    .pin {
      width: 28px;
      height: 28px;
      font-size: 11px;
    }
    .status bdi {
      font-size: 10px;
    }
  }
  @container tile (max-height: 170px) {
    .failed .avatar {
      display: none;
    }
  }
  @container tile (max-height: 110px) {
    .center:has(.status) > .avatar {
      display: none;
    }
  }
  @container tile (max-width: 64px) or (max-height: 40px) {
    .label bdi,
    .pin {
      display: none;
    }
    .label {
      padding: 2px;
    }
    .label:not(:has(.icon)) {
      display: none;
    }
  }
`;
