import { css } from 'lit';

export const chatStyles = css`
  .body {
    padding: 4px 18px 12px;
    user-select: text;
    -webkit-user-select: text;
  }
  .body:focus-visible {
    outline-offset: -3px;
  }
  .empty {
    display: grid;
    place-content: center;
    height: 100%;
    max-width: 22em;
    margin: auto;
    text-align: center;
  }
  .message {
    max-width: 88%;
    width: fit-content;
    margin-block-start: 14px;
  }
  .message.following {
    margin-block-start: 3px;
  }
  .own {
    margin-inline-start: auto;
  }
  .by {
    display: flex;
    gap: 8px;
    align-items: baseline;
    margin-block-end: 3px;
    padding-inline: 2px;
    font-size: 0.8125em;
    font-weight: 600;
  }
  .own .by {
    justify-content: flex-end;
  }
  .by bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .by > :is(span, time) {
    flex: none;
    color: var(--_muted);
    font-weight: 400;
    font-size: 0.9375em;
  }
  .text {
    width: fit-content;
    max-width: 100%;
    padding: 7px 12px;
    border-radius: min(var(--_radius), 14px);
    border-start-start-radius: 4px;
    background: var(--_raised);
    font-size: 0.9375em;
    overflow-wrap: anywhere;
  }
  .text > span {
    display: block;
    white-space: pre-wrap;
  }
  .own .text {
    margin-inline-start: auto;
    border-start-start-radius: min(var(--_radius), 14px);
    border-start-end-radius: 4px;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  a {
    color: var(--_link);
    text-underline-offset: 2px;
  }
  .own a {
    color: inherit;
  }
  .own a:focus-visible {
    outline-color: currentcolor;
  }
  .news {
    align-self: center;
    min-height: 36px;
    margin-block: -44px 8px;
    padding-block: 0;
    border-radius: 2em;
    box-shadow: var(--_shadow);
    font-size: 0.875em;
  }
  form {
    flex: none;
    padding: 8px 12px 12px;
  }
  form > .bad {
    margin-block-end: 6px;
    font-size: 0.8125em;
  }
  .row {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 8px;
  }
  textarea {
    flex: 1;
    min-height: 44px;
    max-height: 132px;
    padding: 10px 14px;
    border-radius: 22px;
    line-height: 22px;
    font-size: max(0.9375em, 16px);
    resize: none;
    scrollbar-width: thin;
  }
  textarea::placeholder {
    white-space: nowrap;
  }
  @container (max-height: 240px) {
    form {
      padding: 4px 6px 6px;
    }
  }
  .count {
    position: absolute;
    inset-block-end: calc(100% + 2px);
    inset-inline-end: 60px;
    padding-inline: 6px;
    border-radius: 6px;
    background: var(--_surface);
    font-size: 0.75em;
    font-variant-numeric: tabular-nums;
  }
  .row .round {
    flex: none;
    width: 44px;
    height: 44px;
    min-height: 0;
  }
`;
