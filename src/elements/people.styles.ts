import { css } from 'lit';

export const peopleStyles = css`
  .body {
    padding: 0 10px 12px;
  }
  .count,
  h3 {
    padding: 0 18px 8px;
  }
  h3 {
    font-size: 0.875em;
    font-weight: 600;
  }
  .waiting {
    flex: none;
    max-height: 45%;
    overflow: auto;
    margin-block-end: 10px;
    padding-block-end: 6px;
    border-block-end: 1px solid var(--_line);
  }
  .waiting ul {
    padding: 0 10px;
  }
  .waiting li {
    flex-wrap: wrap;
  }
  li {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 52px;
    padding: 6px 8px;
    border-radius: var(--_radius-small);
  }
  .who {
    flex: 1;
    line-height: 1.3;
  }
  .waiting .who {
    flex-basis: 6em;
  }
  .who bdi {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .waiting bdi {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .who span {
    font-size: 0.8125em;
    color: var(--_muted);
  }
  .who .warn {
    color: var(--_warning);
  }
  .states {
    display: flex;
    gap: 10px;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .speaking .icon-mic {
    color: var(--_link);
  }
  li .round {
    flex: none;
    margin-inline: -6px;
    color: var(--_muted);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    font-size: 0.875em;
  }
  .menu {
    min-height: 0;
    padding-block: 0 10px;
    padding-inline-start: calc(2.25em + 20px);
  }
  .ask {
    display: grid;
    gap: 8px;
  }
  .ask p {
    font-size: 0.875em;
  }
  .foot {
    flex: none;
    display: grid;
    gap: 10px;
    padding: 12px 18px;
    border-block-start: 1px solid var(--_line);
  }
  .switch {
    display: flex;
    justify-content: space-between;
    gap: 14px;
    width: 100%;
    padding: 4px 0;
    background: none !important;
    text-align: start;
  }
  .switch span span {
    display: block;
    font-size: 0.8125em;
    font-weight: 400;
    color: var(--_muted);
  }
  .switch i {
    flex: none;
    width: 42px;
    height: 24px;
    padding: 3px;
    border-radius: 12px;
    background: var(--_border);
    transition: background-color 0.15s;
  }
  .switch i::before {
    content: '';
    display: block;
    width: 18px;
    height: 18px;
    border-radius: 50%;
    background: #fff;
    transition: translate 0.15s;
  }
  .switch[aria-checked='true'] i {
    background: var(--_accent);
  }
  .switch[aria-checked='true'] i::before {
    translate: 18px 0;
  }
  .switch[aria-checked='true']:dir(rtl) i::before {
    translate: -18px 0;
  }
  .end {
    justify-self: start;
    color: var(--_bad);
  }
`;
