/**
 * The sets of endpoints of Genesys Cloud that a worker speaks:
 *
 *   guest      those of docs/guides.md
 *   platform   the platform API, as docs/platform.md describes it
 */
export const DIALECTS = ['guest', 'platform'] as const;

export type DialectName = (typeof DIALECTS)[number];
