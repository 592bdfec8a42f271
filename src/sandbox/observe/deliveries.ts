/** What is known of an accepted request before it is judged. */
export interface Delivery {
  clientId: string;
  operation: string;
  requestId: string | null;
  sequence: number | null;
  conversationId: string | null;
}

/** How an accepted request relates to those accepted before it, by the name of the counter it adds to. */
export type Verdict = 'new' | 'duplicates' | 'outOfOrder';

/** Remembers what was accepted, to tell doubled and late deliveries from good ones. */
export interface Deliveries {
  judge(delivery: Delivery): Verdict;
}

/**
 * A memory of accepted requests. A request without an id can be no duplicate, one without a sequence or a
 * conversation cannot be late. Ids are kept per client and operation, since one job may use several operations;
 * sequences per client and conversation, since messages and cards share a conversation's order.
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
