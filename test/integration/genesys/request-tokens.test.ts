import { expect, test } from 'vitest';
import type { RequestContext } from '../../../src/genesys/client.ts';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import { sendToGuest } from '../../../src/genesys/guest-session.ts';
import { messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

// Each request that Genesys Cloud counts takes a token of the bucket, also a repetition or a look-
// up of the worker.

test('the request after a 401 takes a token of its own', async () => {
  const system = await openSystem();
  const caller = openSender(system);
  await caller.send('conv-1');
  await system.sandbox.revokeTokens('acme');

  await caller.send('conv-1');

  const statuses = (await system.sandbox.requests('message.send')).map(({ status }) => status);
  expect(statuses).toEqual([200, 401, 200]);
  expect(caller.tokens()).toBe(3);
});

test('the look-up of the session after a 403 takes a token of its own', async () => {
  const system = await openSystem();
  await system.sandbox.endSession('acme', 'conv-ended');
  const caller = openSender(system);

  expect(await failureOf(caller.send('conv-ended'))).toMatchObject({ code: 'CONVERSATION_CLOSED' });

  expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  expect(await system.sandbox.requests('session.read')).toHaveLength(1);
  expect(caller.tokens()).toBe(2);
});

test('a request without a token is not sent, not even after a 401', async () => {
  const system = await openSystem();
  const caller = openSender(system);
  await caller.send('conv-1');
  await system.sandbox.revokeTokens('acme');

  await expect(caller.send('conv-1', 1)).rejects.toThrow('no token');

  const statuses = (await system.sandbox.requests('message.send')).map(({ status }) => status);
  expect(statuses).toEqual([200, 401]);
});

/** Sends as the handler of messages does, and counts the tokens that are asked for. */
function openSender(system: System) {
  const { genesys, tenant } = openCaller(system, { requestTimeoutMs: 10_000 });
  let tokens = 0;
  return {
    tokens: () => tokens,
    async send(conversationId: string, atMost = Number.POSITIVE_INFINITY) {
      let left = atMost;
      const token = async () => {
        if (left-- === 0) throw new Error('no token');
        tokens++;
      };
      const context: RequestContext = { requestId: 'job-1', token };
      const input = messageTransmission.schema.parse(message({ conversationId }));
      const request = {
        tenant: tenant(),
        operation: guest.sendMessage,
        input,
        sessionId: conversationId,
        context,
      };
      return await sendToGuest(genesys, request);
    },
  };
}
