export function removeLabs(prefix: string): void;
export function removeLeftovers(): void;
