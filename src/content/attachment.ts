/** What guide 003 lets a message carry. */
export const ATTACHMENT_TYPES = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

/** 25 MiB (guide 003, gateway limit). */
export const MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024;
