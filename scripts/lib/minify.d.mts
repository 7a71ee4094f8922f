import type { Plugin } from 'vite';
export function shortenTemplates(): Plugin;
export function minifyModules(): Plugin;
