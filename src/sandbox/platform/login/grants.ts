import type { SandboxClient } from '../../login/clients.ts';

const MINUTE_MS = 60_000;

/** How many tokens each client got in its current minute. */
export interface Grants {
  /** Counts one token. @returns whether the client may have it. Null: it may have any number */
  take(client: SandboxClient, perMinute: number | null, nowMs: number): boolean;
}

export function createGrants(): Grants {
  const minutes = new Map<string, { startedAtMs: number; count: number }>();

  return {
    take({ clientId }, perMinute, nowMs) {
      const last = minutes.get(clientId);
      const isOver = last === undefined || nowMs >= last.startedAtMs + MINUTE_MS;
      const minute = isOver ? { startedAtMs: nowMs, count: 0 } : last;
      if (perMinute !== null && minute.count >= perMinute) return false;
      minute.count += 1;
      minutes.set(clientId, minute);
      return true;
    },
  };
}
