import { css, html, type TemplateResult } from 'lit';
import { setStyle } from './set-style.ts';

/** First letters of the first and the last word, at most two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 63))
    .join('')
    .toLocaleUpperCase();
}

/** A colour that a participant keeps: degrees on the colour wheel. */
export function hueOf(id: string): number {
  let hash = 7;
  for (let index = 0; index < id.length; index++) hash = (hash * 31 + id.charCodeAt(index)) >>> 0;
  return (hash % 24) * 15;
}

export const avatar = (id: string, name: string): TemplateResult =>
  html`<span
    class="avatar"
    part="avatar"
    aria-hidden="true"
    style=${setStyle({ '--_hue': `${hueOf(id)}` })}
    ><span>${initials(name)}</span></span
  >`;

export const avatarStyles = css`
  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    width: var(--_avatar, 2.25em);
    height: var(--_avatar, 2.25em);
    border-radius: 50%;
    background: oklch(50% 0.11 var(--_hue, 250));
    color: #fff;
    user-select: none;
    -webkit-user-select: none;
  }
  .avatar > span {
    font-size: calc(var(--_avatar, 2.25em) * 0.4);
    line-height: 1;
    font-weight: 500;
    letter-spacing: 0.01em;
  }
`;
