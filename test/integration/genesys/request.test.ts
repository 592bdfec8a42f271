import { describe, expect, test } from 'vitest';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import { guideMessage } from '../../support/guides/message.ts';
import { openSystem } from '../../support/system.ts';
import { openCaller } from './caller.ts';

const ATTACHMENT = {
  contentType: 'application/pdf',
  url: 'https://files.example/receipt.pdf',
  fileName: 'receipt.pdf',
  sizeBytes: 12_345,
};

describe('the request of a message', () => {
  test('has the documented body', async () => {
    const system = await openSystem();

    const { messageId } = await openCaller(system).send('job-1', {
      fields: { guestId: guideMessage.from.id, conversationId: guideMessage.to.id },
    });

    const [request] = await system.sandbox.requests('message.send');
    expect(request?.body).toEqual({
      ...guideMessage,
      metadata: {
        readReceipt: true,
        transmissionTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    expect(messageId).toMatch(/^msg-/);
  });

  test('has the attachments, under the documented names', async () => {
    const system = await openSystem();

    await openCaller(system).send('job-1', { fields: { attachments: [ATTACHMENT], readReceipt: false } });

    const [request] = await system.sandbox.requests('message.send');
    expect(request?.body).toMatchObject({
      metadata: { readReceipt: false },
      attachments: [
        {
          contentType: 'application/pdf',
          url: 'https://files.example/receipt.pdf',
          fileName: 'receipt.pdf',
          size: 12_345,
        },
      ],
    });
  });

  test('has the documented headers, its id and its sequence number', async () => {
    const system = await openSystem();

    await openCaller(system).send('job-1', { sequence: 7 });

    const [request] = await system.sandbox.requests('message.send');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'x-genesys-request-id': 'job-1',
      'x-conversation-sequence': '7',
    });
  });

  test('has no sequence number if order does not matter', async () => {
    const system = await openSystem();

    await openCaller(system).send('job-1');

    const [request] = await system.sandbox.requests('message.send');
    expect(request?.headers).not.toHaveProperty('x-conversation-sequence');
  });

  test('keeps its id when it is sent again with a new token', async () => {
    const system = await openSystem();
    const refusal = { status: 401, rate: 1, times: 1 };
    await system.sandbox.inject({ operations: { 'message.send': { errors: [refusal] } } });

    await openCaller(system).send('job-1', { sequence: 3 });

    const requests = await system.sandbox.requests('message.send');
    expect(requests.map(({ status, requestId, sequence }) => [status, requestId, sequence])).toEqual([
      [401, 'job-1', 3],
      [200, 'job-1', 3],
    ]);
  });

  test.each([
    ['emoji and other scripts', 'Grüße 👩‍👩‍👧 こんにちは \u0000\u2028'],
    ['JSON inside', '{"a":"\\u0000\\""}'],
  ])('arrives unchanged with %s', async (_what, content) => {
    const system = await openSystem();

    await openCaller(system).send('job-1', { fields: { body: { contentType: 'text/plain', content } } });

    const [request] = await system.sandbox.requests('message.send');
    expect(request?.body).toMatchObject({ body: { content } });
  });
});

describe('reading a session', () => {
  test('distinguishes an open session from an ended one', async () => {
    const system = await openSystem();
    await system.sandbox.endSession('acme', 'conv-ended');
    const caller = openCaller(system);
    const read = (sessionId: string) =>
      caller.genesys.call(caller.tenant(), guest.readSession, { sessionId }, { requestId: 'job-1' });

    expect(await read('conv-open')).toEqual({ open: true });
    expect(await read('conv-ended')).toEqual({ open: false });
  });

  test('finds a session with any characters in its id', async () => {
    const system = await openSystem();
    const conversationId = 'a/b?c=d#e%20ü';
    await system.sandbox.endSession('acme', conversationId);
    const caller = openCaller(system);

    const session = await caller.genesys.call(
      caller.tenant(),
      guest.readSession,
      { sessionId: conversationId },
      { requestId: 'job-1' },
    );

    expect(session).toEqual({ open: false });
  });
});
