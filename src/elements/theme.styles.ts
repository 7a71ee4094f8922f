import { css } from 'lit';

const light = css`
  color-scheme: light;
  --_accent: var(--video-call-accent, #2f62e6);
  --_background: var(--video-call-background, #eef0f3);
  --_surface: var(--video-call-surface, #fff);
  --_text: var(--video-call-text, #16181d);
  --_muted: var(--video-call-muted, #5b616e);
  --_danger: var(--video-call-danger, #d0302f);
  --_link: color-mix(in srgb, var(--_accent) 80%, #000);
  --_bad: #b3201f;
  --_warning: #9a5b00;
  --_tile-light: 88%;
  --_shadow: 0 1px 2px #10182014, 0 6px 20px #1018201f;
`;

const dark = css`
  color-scheme: dark;
  --_accent: var(--video-call-accent, #3d6df0);
  --_background: var(--video-call-background, #0c0d10);
  --_surface: var(--video-call-surface, #17191e);
  --_text: var(--video-call-text, #f1f3f6);
  --_muted: var(--video-call-muted, #a1a8b4);
  --_danger: var(--video-call-danger, #d93a38);
  --_link: color-mix(in srgb, var(--_accent) 50%, #fff);
  --_bad: #ff8f8a;
  --_warning: #f5b74a;
  --_tile-light: 25%;
  --_shadow: 0 1px 2px #0006, 0 8px 28px #0009;
`;

/** Design tokens on `.root`: the page's `--video-call-*` first, then the theme's. Elements below use the `--_` ones. */
export const theme = css`
  .root {
    ${light}
    --_raised: color-mix(in srgb, var(--_text) 10%, var(--_surface));
    --_hover: color-mix(in srgb, var(--_text) 16%, var(--_surface));
    --_border: color-mix(in srgb, var(--_text) 20%, var(--_surface));
    --_line: var(--_raised);
    --_focus: var(--_text);
    --_on-accent: var(--video-call-accent-text, #fff);
    --_on-danger: var(--video-call-danger-text, #fff);
    --_radius: var(--video-call-radius, 14px);
    --_radius-small: min(var(--_radius), 10px);
    background: var(--_background);
    color: var(--_text);
    font: 400 medium/1.45
      var(--video-call-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    letter-spacing: normal;
    -webkit-text-size-adjust: 100%;
    -webkit-font-smoothing: antialiased;
  }
  .root.dark {
    ${dark}
  }
  @media (prefers-color-scheme: dark) {
    .root.auto {
      ${dark}
    }
  }
`;
