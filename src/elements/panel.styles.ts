import { css } from 'lit';

/** What chat, people and settings have in common: a head with a way out, and a body that scrolls. */
export const panel = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  .head {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 8px;
    padding-inline-start: 18px;
  }
  .head h2 {
    font-weight: 600;
  }
  @container (max-height: 240px) {
    .head {
      padding: 0;
      padding-inline-start: 12px;
    }
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }
`;
