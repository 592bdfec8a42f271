import type { SandboxClient } from '../../login/clients.ts';
import type { Token } from '../../login/tokens.ts';
import type { PlatformSettings } from '../settings.ts';

type RateSettings = PlatformSettings['rate'];

/** The decision about one request, and what the headers say. */
export interface RateDecision {
  readonly isGranted: boolean;
  /** Requests in this window, with this one if it is granted. */
  readonly count: number;
  readonly allowed: number;
  /** Whole seconds until the count sinks, or until the next request is granted. */
  readonly resetSeconds: number;
}

/** The rate limits of all tokens and clients. */
export interface PlatformRateLimits {
  /** Counts one request, unless it is refused. */
  take(token: Token, settings: RateSettings, nowMs: number): RateDecision;
  /** What the headers say without a further request. */
  peek(token: Token, settings: RateSettings, nowMs: number): RateDecision;
}

/** The count of one token or one client. */
interface Meter {
  take(limit: number, settings: RateSettings, nowMs: number, isPeek: boolean): RateDecision;
}

/** No request is counted yet. A token and its client are counted separately; both must grant. */
export function createPlatformRateLimits(): PlatformRateLimits {
  const ofTokens = new WeakMap<Token, Meters>();
  const ofClients = new WeakMap<SandboxClient, Meters>();

  function decide(token: Token, settings: RateSettings, nowMs: number, isPeek: boolean): RateDecision {
    const ofToken = meterOf(ofTokens, token, settings);
    const ofClient = meterOf(ofClients, token.client, settings);
    const client = ofClient.take(settings.perClient, settings, nowMs, true);
    if (!client.isGranted && !isPeek) return client;
    const decision = ofToken.take(settings.perToken, settings, nowMs, isPeek);
    if (decision.isGranted && !isPeek) ofClient.take(settings.perClient, settings, nowMs, false);
    return decision;
  }

  return {
    take: (token, settings, nowMs) => decide(token, settings, nowMs, false),
    peek: (token, settings, nowMs) => decide(token, settings, nowMs, true),
  };
}

/** The headers that every reply of the API has. */
export function rateHeaders({ count, allowed, resetSeconds }: RateDecision): Record<string, string> {
  return {
    'inin-ratelimit-count': String(count),
    'inin-ratelimit-allowed': String(allowed),
    'inin-ratelimit-reset': String(resetSeconds),
  };
}

/** One meter of each kind, so that a change of the kind starts a new count. */
type Meters = Record<RateSettings['kind'], Meter>;

function meterOf<Key extends object>(meters: WeakMap<Key, Meters>, key: Key, settings: RateSettings): Meter {
  let found = meters.get(key);
  if (found === undefined) {
    found = { 'fixed-window': createWindow(), gcra: createGcra() };
    meters.set(key, found);
  }
  return found[settings.kind];
}

/** The first request opens a window. The first one after its end opens the next. */
function createWindow(): Meter {
  let window = { endsAtMs: -Infinity, count: 0 };

  return {
    take(limit, { windowSeconds }, nowMs, isPeek) {
      const isOver = nowMs >= window.endsAtMs;
      const { count, endsAtMs } = isOver ? { count: 0, endsAtMs: nowMs + windowSeconds * 1000 } : window;
      const isGranted = count < limit;
      const isCounted = isGranted && !isPeek;
      if (isCounted) window = { endsAtMs, count: count + 1 };
      // One second more than is left: a recorded first reply says 61 for a window of 60 s.
      const resetSeconds = Math.floor((endsAtMs - nowMs) / 1000) + 1;
      return { isGranted, count: isCounted ? count + 1 : count, allowed: limit, resetSeconds };
    },
  };
}

/** The generic cell rate algorithm: a full window at once, then one request per interval. */
function createGcra(): Meter {
  let emptyAtMs = -Infinity;

  return {
    take(limit, { windowSeconds }, nowMs, isPeek) {
      const intervalMs = (windowSeconds * 1000) / limit;
      const levelMs = Math.max(0, emptyAtMs - nowMs);
      const isGranted = levelMs + intervalMs <= windowSeconds * 1000 + 1e-6;
      const nextMs = isGranted && !isPeek ? levelMs + intervalMs : levelMs;
      emptyAtMs = nowMs + nextMs;
      const waitMs = isGranted ? nextMs : levelMs + intervalMs - windowSeconds * 1000;
      return {
        isGranted,
        count: Math.ceil(nextMs / intervalMs - 1e-9),
        allowed: limit,
        resetSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      };
    },
  };
}
