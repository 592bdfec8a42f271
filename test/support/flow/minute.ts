import type { Allowance } from '../../../src/core/allowance.ts';

const MINUTE_MS = 60_000;

/** A server that counts the requests of a token per minute, and says so in its answers. */
export interface CountingServer {
  /** Takes one request. @returns what its answer says, and whether it is refused. */
  take(nowMs: number): { readonly allowance: Allowance; readonly isRefused: boolean };
  readonly refused: number;
}

/** The first request opens a window. All requests of the window are forgotten at its end. */
export function createWindowServer(allowed: number): CountingServer {
  let endsAtMs = Number.NEGATIVE_INFINITY;
  let requests = 0;
  let refused = 0;
  return {
    take(nowMs) {
      if (nowMs >= endsAtMs) [endsAtMs, requests] = [nowMs + MINUTE_MS, 0];
      const isRefused = requests >= allowed;
      if (isRefused) refused++;
      else requests++;
      // In whole seconds, and one more than is left.
      const resetMs = (Math.floor((endsAtMs - nowMs) / 1000) + 1) * 1000;
      return { isRefused, allowance: allowanceOf(requests, allowed, resetMs) };
    },
    get refused() {
      return refused;
    },
  };
}

/** The generic cell rate algorithm: each request is forgotten after its own interval. */
export function createGcraServer(allowed: number): CountingServer {
  const intervalMs = MINUTE_MS / allowed;
  let emptyAtMs = Number.NEGATIVE_INFINITY;
  let refused = 0;
  return {
    take(nowMs) {
      const levelMs = Math.max(0, emptyAtMs - nowMs);
      const isRefused = levelMs + intervalMs > MINUTE_MS + 1e-6;
      if (isRefused) refused++;
      else emptyAtMs = nowMs + levelMs + intervalMs;
      const usedMs = Math.max(0, emptyAtMs - nowMs);
      const requests = Math.ceil(usedMs / intervalMs - 1e-9);
      const resetMs = Math.max(1, Math.ceil(usedMs / 1000)) * 1000;
      return { isRefused, allowance: allowanceOf(requests, allowed, resetMs) };
    },
    get refused() {
      return refused;
    },
  };
}

function allowanceOf(requests: number, allowed: number, resetMs: number): Allowance {
  return { remaining: Math.max(0, allowed - requests), count: { requests, allowed, resetMs } };
}
