import { describe, expect, test } from 'vitest';
import { createDeliveries, type Delivery } from '../../../../src/sandbox/observe/deliveries.ts';

const first: Delivery = {
  clientId: 'acme-client',
  operation: 'message.send',
  requestId: 'job-1',
  sequence: 5,
  conversationId: 'conv-1',
};

function verdicts(...deliveries: Partial<Delivery>[]): string[] {
  const memory = createDeliveries();
  return deliveries.map((delivery) => memory.judge({ ...first, ...delivery }));
}

describe('deliveries', () => {
  test('are duplicates under a request id that the client has used before', () => {
    expect(verdicts({}, {}, {}, { requestId: 'job-2' })).toEqual(['new', 'duplicates', 'duplicates', 'new']);
  });

  test('of other clients or operations may have the same request id', () => {
    expect(verdicts({}, { clientId: 'globex-client' }, { operation: 'card.send' })).toEqual([
      'new',
      'new',
      'new',
    ]);
  });

  test('are out of order below the largest sequence of their conversation', () => {
    expect(
      verdicts(
        { requestId: 'a', sequence: 2 },
        { requestId: 'b', sequence: 7 },
        { requestId: 'c', sequence: 3 },
        { requestId: 'd', sequence: 6 },
        { requestId: 'e', sequence: 7 },
        { requestId: 'f', sequence: 8 },
      ),
    ).toEqual(['new', 'new', 'outOfOrder', 'outOfOrder', 'new', 'new']);
  });

  test('of other conversations or clients have an order of their own', () => {
    expect(
      verdicts(
        { requestId: 'a', sequence: 9 },
        { requestId: 'b', sequence: 1, conversationId: 'conv-2' },
        { requestId: 'c', sequence: 1, clientId: 'globex-client' },
      ),
    ).toEqual(['new', 'new', 'new']);
  });

  test('of different operations share the order of a conversation', () => {
    expect(
      verdicts({ requestId: 'a', sequence: 9 }, { requestId: 'b', sequence: 1, operation: 'card.send' }),
    ).toEqual(['new', 'outOfOrder']);
  });

  test('count as duplicates only if they are late as well', () => {
    expect(
      verdicts(
        { requestId: 'a', sequence: 1 },
        { requestId: 'b', sequence: 2 },
        { requestId: 'a', sequence: 1 },
      ),
    ).toEqual(['new', 'new', 'duplicates']);
  });

  test('without a request id, a sequence or a conversation are neither', () => {
    expect(verdicts({ requestId: null }, { requestId: null })).toEqual(['new', 'new']);
    expect(verdicts({ requestId: 'a' }, { requestId: 'b', sequence: null })).toEqual(['new', 'new']);
    expect(verdicts({ requestId: 'a' }, { requestId: 'b', sequence: 1, conversationId: null })).toEqual([
      'new',
      'new',
    ]);
  });
});
