/** The parts of an accepted request that decide whether it is a duplicate or late. */
export interface Delivery {
  clientId: string;
  operation: string;
  requestId: string | null;
  sequence: number | null;
  conversationId: string | null;
}

/** How a request relates to earlier ones. Except `new`, each value is the name of a counter. */
export type Verdict = 'new' | 'duplicates' | 'outOfOrder';

/** Remembers accepted requests, and finds duplicates and late ones. */
export interface Deliveries {
  judge(delivery: Delivery): Verdict;
}

/**
 * An empty memory. A request without an id is never a duplicate. A request without a sequence or a
 * conversation is never late. The memory keeps ids per client and operation, because one job may
 * use several operations. It keeps sequences per client and conversation, because messages and
 * cards of one conversation share one order.
 */
export function createDeliveries(): Deliveries {
  const idsByClient = new Map<string, Map<string, Set<string>>>();
  const latestByClient = new Map<string, Map<string, number>>();

  function isDuplicate({ clientId, operation, requestId }: Delivery): boolean {
    if (requestId === null) return false;
    const idsByOperation = entryOf(idsByClient, clientId, () => new Map<string, Set<string>>());
    const ids = entryOf(idsByOperation, operation, () => new Set<string>());
    if (ids.has(requestId)) return true;
    ids.add(requestId);
    return false;
  }

  function isLate({ clientId, sequence, conversationId }: Delivery): boolean {
    if (sequence === null || conversationId === null) return false;
    const latestByConversation = entryOf(latestByClient, clientId, () => new Map<string, number>());
    if (sequence < (latestByConversation.get(conversationId) ?? 0)) return true;
    latestByConversation.set(conversationId, sequence);
    return false;
  }

  return {
    judge(delivery) {
      if (isDuplicate(delivery)) return 'duplicates';
      return isLate(delivery) ? 'outOfOrder' : 'new';
    },
  };
}

function entryOf<T>(map: Map<string, T>, key: string, create: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
