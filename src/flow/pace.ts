import type { Limit } from '../tenants/limits.ts';

/**
 * The burst is lower than the capacity by this time at full rate. The network may bunch up
 * requests, and a request may be `GRACE` late (bucket.lua). A burst right behind late requests
 * would else exceed what Genesys Cloud counts.
 */
const MARGIN_MS = 250;

/** A limit as the scripts take it: one request every `intervalMs`, and `burst` requests at once. */
export function pace({ capacity, ratePerSecond }: Limit): { intervalMs: number; burst: number } {
  const margin = (ratePerSecond * MARGIN_MS) / 1000;
  return { intervalMs: 1000 / ratePerSecond, burst: Math.max(1, Math.floor(capacity - margin)) };
}
