import type { Plugin } from 'vite';
export function leanPeerjs(): Plugin;
