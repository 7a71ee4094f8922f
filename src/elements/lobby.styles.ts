import { css } from 'lit';

export const lobbyStyles = css`
  :host {
    height: 100%;
    overflow: auto;
    container: lobby / size;
  }
  .lobby {
    display: grid;
    grid-template-columns: minmax(0, 1.6fr) minmax(260px, 1fr);
    align-items: center;
    align-content: center;
    gap: clamp(20px, 4cqi, 56px);
    width: min(1080px, 100%);
    min-height: 100%;
    margin: 0 auto;
    padding: clamp(12px, 4cqmin, 40px);
  }
  .lobby:not(:has(.preview)) {
    grid-template-columns: minmax(0, 420px);
    justify-content: center;
  }
  .preview {
    position: relative;
    aspect-ratio: 16 / 10;
    max-height: calc(100cqh - 2 * clamp(12px, 4cqmin, 40px));
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  video {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
    transform: scaleX(-1);
  }
  .off {
    --_avatar: clamp(40px, 14cqmin, 112px);
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    height: 100%;
    padding: 0 12px 40px;
    color: var(--_muted);
    font-size: 0.9375em;
    text-align: center;
  }
  .toggles {
    position: absolute;
    inset-inline: 0;
    inset-block-end: clamp(8px, 2.5cqmin, 18px);
    display: flex;
    justify-content: center;
    gap: 12px;
  }
  .toggle {
    width: 48px;
    height: 48px;
    min-height: 0;
    background: #0c0d10b8;
    color: #fff;
  }
  .toggle:hover {
    background: #0c0d10e6;
  }
  .toggle[aria-pressed='false'] {
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .toggle:focus-visible {
    outline-color: #fff;
    box-shadow: 0 0 0 6px #0009;
  }
  .side,
  .devices {
    display: grid;
    gap: 16px;
  }
  h2 {
    font-size: clamp(1.25em, 2.6cqi, 1.75em);
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.01em;
  }
  .network:not([data-network]) {
    display: none;
  }
  .head > .hint {
    margin-block-start: 4px;
    overflow: hidden;
    text-overflow: ellipsis;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
  }
  .entry {
    display: grid;
    gap: 12px;
  }
  .join {
    min-height: 3em;
    font-weight: 600;
  }
  .problems.has {
    display: grid;
    gap: 10px;
    justify-items: start;
    padding: 12px 14px;
    border-radius: var(--_radius-small);
    background: color-mix(in srgb, var(--_warning) 12%, var(--_surface));
  }
  .devices > div {
    display: grid;
    gap: 8px;
  }

  @container lobby (max-width: 719px) {
    .lobby {
      grid-template-columns: minmax(0, 480px);
      justify-content: center;
      align-content: start;
      gap: 16px;
    }
    .preview {
      max-height: 42cqh;
      aspect-ratio: auto;
      height: 300px;
    }
  }
  /* Low and wide, as embedded in a text: picture and name side by side, devices in the settings of the call. */
  @container lobby (max-height: 480px) and (max-width: 719px) {
    .devices .field,
    .devices .hint {
      display: none;
    }
    .side {
      gap: 10px;
    }
    .problem {
      font-size: 0.8125em;
      line-height: 1.35;
    }
    .problems.has {
      padding: 8px 10px;
      gap: 6px;
    }
    .retry {
      min-height: 36px;
      padding-block: 0;
    }
  }
  @container lobby (max-height: 480px) and (max-width: 719px) and (min-width: 420px) {
    .lobby {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      align-items: start;
      align-content: safe center;
    }
    .preview {
      position: sticky;
      inset-block-start: 12px;
      align-self: center;
      height: min(300px, 100cqh - 28px);
      max-height: none;
    }
    .side {
      align-self: center;
    }
    .side:has(.problems.has) .room {
      display: none;
    }
    .off {
      font-size: 0.8125em;
    }
  }
  @container lobby (max-height: 260px) {
    .lobby {
      padding: 10px;
      align-content: safe center;
    }
    .head,
    .devices {
      display: none;
    }
    .side,
    .entry {
      gap: 8px;
    }
    .entry {
      order: -1;
    }
    .entry .field > span {
      position: absolute;
      clip-path: inset(50%);
    }
    .join,
    input {
      min-height: 40px;
    }
  }
  @container lobby (max-height: 260px) and (max-width: 419px) {
    .preview {
      display: none;
    }
  }
`;
