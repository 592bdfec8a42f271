/** Media types of attachments (docs/guides.md#message-limits). */
export const ATTACHMENT_TYPES = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

/** 25 MiB (docs/guides.md#message-limits). */
export const MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024;
