export function ensureFirefox(): void;
export function obstacle(): string | undefined;
