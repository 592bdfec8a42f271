import { beforeAll, describe, expect, test } from 'vitest';
import type { Producer } from '../../../../src/queues/producer.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openReceiver } from '../../../support/receiver.ts';
import { openReverseProxy } from '../../../support/reverse-proxy.ts';
import { card, openSystem, type System } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { messagesOf, producerOf, run, startConversation, tenantOf, threadsOf } from './stage.ts';

const KIND = 'message-transmission';
const SEND = 'platform.conversation.send';
const AGENTLESS = 'platform.agentless.send';
const patient = { retryFor: '1m' };

let system: System;
let producer: Producer;

beforeAll(async () => {
  system = await openSystem({
    tenants: [
      ...['sms', 'sms-cards', 'busy', 'full'].map((id) => tenantOf(id, 'agentless', patient)),
      ...['agent', 'agent-cards', 'files', 'invalid', 'lost', 'twice', 'ended', 'crowded', 'unseen'].map(
        (id) => tenantOf(id, 'conversation', patient),
      ),
    ],
    sandbox: { platform: { messages: { mediaCheckMs: 100 } } },
  });
  await startWorker(system);
  producer = producerOf(system);
});

function textOf(tenantId: string, content: string, fields: object = {}) {
  const body = { contentType: 'text/plain' as const, content };
  return { tenantId, guestId: '+15550123', conversationId: 'chat-1', body, ...fields };
}

describe('the route agentless', () => {
  test('sends to the address of the guest, in order, and splits by the channel', async () => {
    const ends = await run(system, producer, KIND, textOf('sms', 'word '.repeat(200), { split: true }));

    expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed']);
    const threads = await threadsOf(system, 'sms');
    expect(threads).toMatchObject([
      { organizationAddress: '+15550001', customerAddress: '+15550123', messengerType: 'sms' },
      { customerAddress: '+15550123' },
    ]);
    const messages = threads.flatMap(({ messages }) => messages);
    expect(messages.map(({ text = '' }) => text.length)).toEqual([765, 235]);
    expect(messages.map(({ text }) => text).join('')).toBe('word '.repeat(200));
    expect(ends.map(({ result }) => result)).toEqual(
      messages.map(({ id, conversationId }) => ({
        messageId: id,
        conversationId,
        requestMs: expect.any(Number),
      })),
    );
  });

  test('fails while the guest is in a conversation that the message may not join', async () => {
    await system.sandbox.platform('POST', '/conversations', {
      tenant: 'busy',
      messengerType: 'sms',
      organizationAddress: '+15550001',
      customerAddress: '+15550123',
    });
    const [end] = await run(system, producer, KIND, textOf('busy', 'Hello'));
    expect(end?.failedReason).toMatch(/^CONFLICT: .*400 active\.conversation/);
  });

  test('fails when the organization has sent all that it may', async () => {
    const code = 'organization.outbound.usage.limit.exceeded';
    const errors = [{ status: 409, rate: 1, times: 1, body: { code, status: 409 } }];
    await system.sandbox.inject({ operations: { [AGENTLESS]: { errors } } });
    const [end] = await run(system, producer, KIND, textOf('full', 'Hello'));
    expect(end?.failedReason).toMatch(/^LIMIT_REACHED: .*organization\.outbound/);
    await system.sandbox.inject({});
  });

  test('sends a card as its text', async () => {
    const [end] = await run(
      system,
      producer,
      'card-delivery',
      card({
        tenantId: 'sms-cards',
        guestId: '+15550123',
        fields: {
          title: 'Order <b>42</b>',
          description: 'Shipped',
          actions: [{ label: 'Track', type: 'url', value: 'https://example.com/42' }],
        },
      }),
    );
    expect(end).toMatchObject({ state: 'completed', result: { templateId: 'order-confirmation-v2' } });
    expect(await messagesOf(system, 'sms-cards')).toMatchObject([
      { text: 'Order 42\nShipped\nTrack: https://example.com/42', direction: 'outbound' },
    ]);
  });
});

describe('the route conversation', () => {
  test('sends messages and cards as the agent, in one order', async () => {
    const live = await startConversation(system, 'agent');
    for (const content of ['one', 'two']) await producer.enqueue(KIND, textOf('agent', content, live));
    const about = { tenantId: 'agent', ...live, fields: { title: 'three' } };
    const [end] = await run(system, producer, 'card-delivery', card(about));

    expect(end).toMatchObject({ state: 'completed', result: { conversationId: live.conversationId } });
    expect((await messagesOf(system, 'agent')).map(({ text, direction }) => [text, direction])).toEqual([
      ['one', 'outbound'],
      ['two', 'outbound'],
      ['three', 'outbound'],
    ]);
  });

  test('uploads each file, and sends it in a message of its own', async () => {
    const host = await openReceiver();
    host.usually({ status: 200, body: 'the bytes of a file' });
    const live = await startConversation(system, 'files');
    const attachments = ['a b.png', 'c.png'].map((fileName) => ({
      contentType: 'image/png' as const,
      url: `${host.url}/${fileName[0]}.png`,
      fileName,
      sizeBytes: 19,
    }));
    const ends = await run(system, producer, KIND, textOf('files', 'See these', { ...live, attachments }));

    expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed']);
    expect((await messagesOf(system, 'files')).map(({ text, content }) => [text, content])).toMatchObject([
      ['See these', [{ attachment: { filename: 'a_b.png', contentSizeBytes: 19, mime: 'image/png' } }]],
      ['', [{ attachment: { filename: 'c.png', contentSizeBytes: 19 } }]],
    ]);
    expect(host.received.map(({ path }) => path)).toEqual(['/a.png', '/c.png']);
    expect(await system.sandbox.requests('platform.media.put')).toHaveLength(2);
  });

  test('fails with a file that Genesys Cloud does not take, and one that is not there', async () => {
    const host = await openReceiver();
    host.answerWith({ status: 200, body: 'a page' }, { status: 404 });
    const live = await startConversation(system, 'invalid');
    const send = (contentType: 'application/pdf' | 'image/png', fileName: string) =>
      run(
        system,
        producer,
        KIND,
        textOf('invalid', 'See', {
          ...live,
          attachments: [{ contentType, url: `${host.url}/x`, fileName, sizeBytes: 100 }],
        }),
      );

    const [refused] = await send('application/pdf', 'a.pdf');
    const [missing] = await send('image/png', 'a.png');

    expect(refused?.failedReason).toMatch(/^CONTENT_REFUSED: .*supported content profile/);
    expect(missing?.failedReason).toMatch(/^ATTACHMENT_REFUSED: .*answered 404/);
    expect(await messagesOf(system, 'invalid')).toEqual([]);
  });

  test('uploads no file to an address of a private network', async () => {
    const host = await openReceiver();
    host.usually({ status: 200, body: 'the bytes of a file' });
    // The sandbox gives addresses on the host of the request.
    const proxy = { prefix: '', strips: false, headers: { host: '10.0.0.1' } };
    const own = await openSystem({ tenants: [tenantOf('acme', 'conversation', patient)] });
    await own.writeTenants([
      tenantOf('acme', 'conversation', { ...patient, api: await openReverseProxy(own.sandbox.url, proxy) }),
    ]);
    await startWorker(own);
    const live = await startConversation(own, 'acme');
    const file = {
      contentType: 'image/png' as const,
      url: `${host.url}/x`,
      fileName: 'a.png',
      sizeBytes: 19,
    };
    const [end] = await run(
      own,
      producerOf(own),
      KIND,
      textOf('acme', 'See', { ...live, attachments: [file] }),
    );

    expect(end?.failedReason).toMatch(
      /^ATTACHMENT_REFUSED: .*workers may not call the address that Genesys Cloud gave/,
    );
    expect(await own.sandbox.requests('platform.media.upload')).toHaveLength(1);
    expect(await own.sandbox.requests('platform.media.put')).toEqual([]);
    expect(await messagesOf(own, 'acme')).toEqual([]);
  });

  test.for([400, 404, 409])(
    'knows an ended conversation, whose refusal has the status %i',
    async (status) => {
      await system.sandbox.platform('PUT', '/settings', { messages: { endedConversationStatus: status } });
      const live = await startConversation(system, 'ended', `guest-${status}`);
      const { conversationId } = live;
      await system.sandbox.platform('POST', '/conversations/end', { tenant: 'ended', conversationId });
      const [end] = await run(system, producer, KIND, textOf('ended', 'Hello', live));
      expect(end?.failedReason).toMatch(/^CONVERSATION_CLOSED: .*the conversation has ended/);
    },
  );

  test('knows a conversation that is full, and a communication that is not there', async () => {
    await system.sandbox.platform('PUT', '/settings', { messages: { maxPerConversation: 1 } });
    const live = await startConversation(system, 'crowded');
    const send = (fields: object) =>
      run(system, producer, KIND, textOf('crowded', 'Hello', { ...live, ...fields }));
    const [first] = await send({});
    const [second] = await send({});
    const [lost] = await send({ communicationId: 'no-such' });
    await system.sandbox.platform('PUT', '/settings', { messages: { maxPerConversation: null } });

    expect(first?.state).toBe('completed');
    expect(second?.failedReason).toMatch(/^LIMIT_REACHED: .*conversation\.message\.limit\.exceeded/);
    expect(lost?.failedReason).toMatch(/^NOT_FOUND: /);
  });

  test('asks the conversation before it repeats a message whose answer was lost', async () => {
    const live = await startConversation(system, 'lost');
    await system.sandbox.inject({ operations: { [SEND]: { loseReplyRate: 1 } } });
    const [end] = await run(system, producer, KIND, textOf('lost', 'Hello', live));
    await system.sandbox.inject({});

    const messages = await messagesOf(system, 'lost');
    expect(messages).toMatchObject([{ text: 'Hello' }]);
    expect(end).toMatchObject({ state: 'completed', result: { messageId: messages[0]?.id } });
    expect(await system.sandbox.requests(SEND, 'lost')).toHaveLength(1);
  });

  test('repeats a message that the conversation does not have', async () => {
    const live = await startConversation(system, 'twice');
    await run(system, producer, KIND, textOf('twice', 'Other', live));
    await system.sandbox.inject({ operations: { [SEND]: { errors: [{ status: 504, rate: 1, times: 1 }] } } });
    const [end] = await run(system, producer, KIND, textOf('twice', 'Hello', live));
    await system.sandbox.inject({});

    expect(end).toMatchObject({ state: 'completed', attemptsMade: 2 });
    expect((await messagesOf(system, 'twice')).map(({ text }) => text)).toEqual(['Other', 'Hello']);
  });
});

describe('the death of a worker', () => {
  /** A system of its own, whose worker the test kills, with one file on its way. */
  async function open(mediaCheckMs: number, fault: object) {
    const own = await openSystem({
      tenants: [tenantOf('acme', 'conversation', patient)],
      sandbox: { platform: { messages: { mediaCheckMs } } },
    });
    const host = await openReceiver();
    host.usually({ status: 200, body: 'the bytes of a file' });
    const live = await startConversation(own, 'acme');
    await own.sandbox.inject(fault);
    const victim = await startWorker(own);
    const { jobIds } = await producerOf(own).enqueue(
      KIND,
      textOf('acme', 'See this', {
        ...live,
        attachments: [
          { contentType: 'image/png', url: `${host.url}/a.png`, fileName: 'a.png', sizeBytes: 19 },
        ],
      }),
    );
    return { own, victim, jobId: jobIds[0], host };
  }

  async function succeed({ own, victim, jobId }: Awaited<ReturnType<typeof open>>) {
    victim.kill('SIGKILL');
    await victim.exit;
    await own.sandbox.inject({});
    await startWorker(own);
    const end = await own.ended(jobId, { tenantId: 'acme' });
    const messages = await messagesOf(own, 'acme');
    expect(end).toMatchObject({ state: 'completed' });
    expect(messages).toMatchObject([{ text: 'See this', content: [{ attachment: { filename: 'a.png' } }] }]);
  }

  test('in the middle of an upload costs one more upload, and no message', async () => {
    const stage = await open(50, { operations: { 'platform.media.put': { hang: 1 } } });
    await waitFor(async () => (await stage.own.sandbox.requests('platform.media.put')).length === 1, {
      what: 'the upload of the victim',
    });
    await succeed(stage);
    expect(await stage.own.sandbox.requests('platform.media.upload')).toHaveLength(2);
  });

  test('behind an upload costs no other upload', async () => {
    const stage = await open(1500, {});
    await waitFor(async () => (await stage.own.sandbox.requests('platform.media.read')).length > 0, {
      what: 'the first look at the file',
    });
    await succeed(stage);
    expect(await stage.own.sandbox.requests('platform.media.upload')).toHaveLength(1);
    expect(stage.host.received).toHaveLength(1);
  });

  test('behind the send of a message is no reason to send it again', async () => {
    const own = await openSystem({ tenants: [tenantOf('acme', 'conversation', patient)] });
    const live = await startConversation(own, 'acme');
    await own.sandbox.inject({ operations: { [SEND]: { slowBodyMs: 60_000 } } });
    const victim = await startWorker(own, { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '4s' });
    const { jobIds } = await producerOf(own).enqueue(KIND, textOf('acme', 'Hello', live));
    await waitFor(async () => (await messagesOf(own, 'acme')).length === 1, {
      what: 'the message of the victim',
    });
    await succeedWithout(own, victim, jobIds[0]);
  });

  async function succeedWithout(
    own: System,
    victim: Awaited<ReturnType<typeof startWorker>>,
    jobId: string | undefined,
  ) {
    victim.kill('SIGKILL');
    await victim.exit;
    await own.sandbox.inject({});
    await startWorker(own);
    expect(await own.ended(jobId, { tenantId: 'acme' })).toMatchObject({ state: 'completed' });
    expect(await messagesOf(own, 'acme')).toMatchObject([{ text: 'Hello' }]);
    expect(await own.sandbox.requests(SEND)).toHaveLength(1);
  }
});
