import { openNdjson } from '../ndjson.ts';

/** What the demo is about to do, derived from the file of messages. */
export interface Scenario {
  /** The file of messages. */
  readonly file: string;
  /** Whoever is a tenant in the file. */
  readonly tenants: ReadonlyMap<string, Share>;
  /** Lines with a message. */
  readonly messages: number;
  /** Limit of each tenant at the sandbox, for messages. */
  readonly limit: { readonly capacity: number; readonly ratePerSecond: number };
}

/** What the file has of one tenant. */
export interface Share {
  readonly messages: number;
  /** Some of its conversations: those with the most messages. */
  readonly conversations: readonly string[];
}

/** How long the tenant with the most messages takes at its limit. */
const TARGET_SECONDS = 30;
const MIN_RATE_PER_SECOND = 20;
/** Conversations of a tenant that get a card amid their messages. */
const BUSIEST = 3;

/**
 * Reads the file once: whoever is a tenant there becomes a client of the sandbox, and the limit is such that
 * the demo is no wait, yet everything runs at the limit.
 */
export async function readScenario(file: string): Promise<Scenario> {
  const counts = new Map<string, Map<string, number>>();
  let messages = 0;
  for await (const { value } of (await openNdjson(file)).lines) {
    messages++;
    const { tenantId, conversationId } = (value ?? {}) as Record<string, unknown>;
    if (typeof tenantId !== 'string' || !isTenantId(tenantId)) continue;
    const ofTenant = counts.get(tenantId) ?? new Map<string, number>();
    counts.set(tenantId, ofTenant);
    ofTenant.set(String(conversationId), (ofTenant.get(String(conversationId)) ?? 0) + 1);
  }
  const tenants = new Map([...counts].map(([tenantId, ofTenant]) => [tenantId, shareOf(ofTenant)]));
  const largest = Math.max(0, ...[...tenants.values()].map((share) => share.messages));
  const ratePerSecond = Math.max(MIN_RATE_PER_SECOND, Math.ceil(largest / TARGET_SECONDS));
  return { file, tenants, messages, limit: { capacity: ratePerSecond, ratePerSecond } };
}

function shareOf(counts: ReadonlyMap<string, number>): Share {
  const busiest = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, BUSIEST);
  return {
    messages: counts.values().reduce((sum, count) => sum + count, 0),
    conversations: busiest.map(([conversationId]) => conversationId),
  };
}

// Others are rejected line by line when they are enqueued, with the reason.
function isTenantId(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/.test(name);
}
