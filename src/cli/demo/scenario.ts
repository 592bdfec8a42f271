import { openNdjson } from '../ndjson.ts';

/** The content of the demo, derived from the file of messages. */
export interface Scenario {
  /** The file of messages. */
  readonly file: string;
  /** The tenants of the file. */
  readonly tenants: ReadonlyMap<string, Share>;
  /** Lines with a message. */
  readonly messages: number;
  /** The sandbox's limit for messages, per tenant. */
  readonly limit: { readonly capacity: number; readonly ratePerSecond: number };
}

/** The part of the file for one tenant. */
export interface Share {
  readonly messages: number;
  /** The conversations with the most messages. */
  readonly conversations: readonly string[];
}

/** Time that the largest tenant takes at its limit. */
const TARGET_SECONDS = 30;
const MIN_RATE_PER_SECOND = 20;
/** Conversations of a tenant that get cards amid their messages. */
const BUSIEST = 3;

/**
 * Reads the file once. Every tenant in it becomes a client of the sandbox. The limit makes the demo
 * short, and still keeps all tenants at their limit.
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

// `enqueue` rejects lines with other names later, with the reason.
function isTenantId(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/.test(name);
}
