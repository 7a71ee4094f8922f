export function obstacle(): string | undefined;
