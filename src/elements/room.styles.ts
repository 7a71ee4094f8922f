import { css } from 'lit';

export const roomStyles = css`
  :host {
    height: 100%;
  }
  .room {
    position: relative;
    display: flex;
    height: 100%;
    overflow: hidden;
  }
  .main {
    flex: 1;
    display: flex;
    flex-direction: column;
  }
  .stage {
    position: relative;
    flex: 1;
    min-height: 0;
  }
  video-call-stage {
    isolation: isolate;
    position: absolute;
    inset: 0;
  }
  video-call-controls {
    flex: none;
  }
  aside {
    position: absolute;
    z-index: 5;
    inset: 0;
    background: var(--_surface);
    animation: slide 0.2s both;
  }
  .wide aside {
    position: relative;
    inset: auto;
    flex: none;
    width: clamp(300px, 27%, 400px);
    margin-block: 8px;
    margin-inline-end: 8px;
    border-radius: var(--_radius);
    overflow: hidden;
    box-shadow: 0 0 0 1px var(--_line);
  }
  .loading {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 12px;
    height: 100%;
    padding: 20px;
    color: var(--_muted);
    text-align: center;
  }
  .loading .round {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  .reactions {
    position: absolute;
    z-index: 3;
    inset-block-end: 4px;
    left: 50%;
    width: max-content;
    max-width: calc(100% - 12px);
    translate: -50% 0;
    border-radius: var(--_radius-small);
    background: var(--_surface);
    box-shadow:
      0 0 0 1px var(--_line),
      var(--_shadow);
  }
  .cover {
    position: absolute;
    z-index: 6;
    inset: 0;
    display: grid;
    place-items: center;
    padding: 16px;
    background: #0009;
  }
  .dialog {
    position: relative;
    display: flex;
    flex-direction: column;
    width: min(420px, 100%);
    max-height: 100%;
    min-height: 120px;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow:
      0 0 0 1px var(--_line),
      var(--_shadow);
    animation: slide 0.2s both;
  }
  .dialog > * {
    min-height: 0;
  }
  .room:not(.wide) .cover {
    padding: 0;
  }
  .room:not(.wide) .dialog {
    width: 100%;
    height: 100%;
    border-radius: 0;
  }
  @keyframes slide {
    from {
      opacity: 0;
      translate: 0 10px;
    }
  }
`;
