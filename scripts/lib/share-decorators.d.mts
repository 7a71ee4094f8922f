import type { Plugin } from 'vite';
export function shareDecorators(): Plugin;
