import type { Plugin } from 'vite';
export function leanDecorators(): Plugin;
