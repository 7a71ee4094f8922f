import { css } from 'lit';

export const noticeStyles = css`
  :host {
    position: absolute;
    z-index: 3;
    inset-inline: 12px;
    inset-block-start: 12px;
    display: grid;
    justify-items: center;
    max-height: calc(100% - 24px);
    overflow: auto;
    pointer-events: none;
  }
  [role] {
    display: grid;
    max-width: min(34em, 100%);
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    margin-block-end: 8px;
    padding: 4px;
    padding-inline: 14px 4px;
    border-radius: var(--_radius-small);
    background: var(--_surface);
    box-shadow:
      0 0 0 1px var(--_line),
      var(--_shadow);
    font-size: 0.875em;
    line-height: 1.35;
    pointer-events: auto;
    animation: drop 0.2s both;
  }
  p {
    flex: 1;
    padding-block: 5px;
    padding-inline-end: 8px;
    overflow-wrap: anywhere;
  }
  .error > .icon {
    color: var(--_bad);
  }
  .warning > :is(.icon, .spinner) {
    color: var(--_warning);
  }
  .info > .icon {
    color: var(--_link);
  }
  .round {
    flex: none;
    width: 36px;
    height: 36px;
    min-height: 0;
    color: var(--_muted);
  }
  @container (max-width: 280px) or (max-height: 220px) {
    :host {
      inset-inline: 4px;
      inset-block-start: 4px;
      max-height: calc(100% - 8px);
    }
    .notice {
      min-height: 0;
      margin-block-end: 4px;
      padding: 2px;
      padding-inline-start: 8px;
      gap: 6px;
      font-size: 0.75em;
      line-height: 1.25;
    }
    .notice > .icon,
    .notice > .spinner {
      display: none;
    }
  }
  @keyframes drop {
    from {
      opacity: 0;
      translate: 0 -8px;
    }
  }
`;
