export { CallError, ERROR_CODES, type ErrorCode } from '../protocol/errors.ts';
