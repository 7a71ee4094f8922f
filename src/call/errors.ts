export { CallError, ERROR_TEXTS, type ErrorCode } from '../protocol/errors.ts';
