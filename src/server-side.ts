export { CallError, type ErrorCode } from './protocol/errors.ts';

/**
 * What `import 'video-call-element'` is in Node, where a page is rendered: there are no elements, and nothing happens. The
 * tag is written as it is, and comes to life in the browser.
 */
export const VideoCallElement = undefined;
export const defineVideoCall = (): void => undefined;
