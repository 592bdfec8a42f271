import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../src/sandbox/platform/webmessaging/deployments.ts';
import { onlySession, onlyTexts, openStage } from './stage.ts';

const HELLO = { conversationId: 'c-1', body: { contentType: 'text/plain', content: 'hello' } };
const textOf = (content: string) => ({ ...HELLO, body: { contentType: 'text/plain', content } });

describe('a message of a guest', () => {
  test('is delivered with the id of its echo', async () => {
    const stage = await openStage();
    const ended = await stage.job(HELLO).run();
    const { token, connections } = await onlySession(stage);
    const [stored] = (await stage.system.sandbox.platform(
      'GET',
      `/webmessaging/sessions/messages?${new URLSearchParams({ token })}`,
    )) as { tracingId: string; body: { id: string; metadata: object } }[];
    expect(ended).toMatchObject({
      kind: 'done',
      result: { messageId: stored?.body.id, requestMs: expect.any(Number) },
    });
    expect(stored).toMatchObject({
      tracingId: 'job-1-1-0',
      body: { text: 'hello', metadata: { jobId: 'job-1' } },
    });
    expect(connections[0]?.origin).toBe('https://shop.example');
  });

  test('joins the session of its conversation over the same connection', async () => {
    const stage = await openStage();
    for (const content of ['one', 'two', 'three']) await stage.job(textOf(content)).run();
    const session = await onlySession(stage);
    expect(await stage.texts(session.token)).toEqual(['one', 'two', 'three']);
    expect(session.counters).toMatchObject({ configures: 1, connectionsOpened: 1 });
  });

  test('has a session of its own in each conversation, whose token is no id of ours', async () => {
    const stage = await openStage();
    await stage.job({ ...HELLO, conversationId: 'c-1' }).run();
    await stage.job({ ...HELLO, conversationId: 'c-2' }).run();
    const tokens = (await stage.sessions()).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  test('of another worker joins the session with the same token', async () => {
    const stage = await openStage();
    await stage.job(textOf('one')).run();
    await stage.job(textOf('two')).run({ worker: stage.openWorker() });
    const session = await onlySession(stage);
    expect(await stage.texts(session.token)).toEqual(['one', 'two']);
    expect(session.counters).toMatchObject({ configures: 2, connectionsOpened: 2 });
  });

  test('carries its custom attributes in the message, and its HTML as text', async () => {
    const stage = await openStage();
    const body = { contentType: 'text/html', content: '<p>Where is <b>my</b> parcel?</p>' };
    await stage.job({ ...HELLO, body, customAttributes: { orderId: 'A-9' } }).run();
    const { token } = await onlySession(stage);
    const query = new URLSearchParams({ token });
    const log = await stage.system.sandbox.platform('GET', `/webmessaging/sessions/messages?${query}`);
    expect(log).toMatchObject([
      {
        body: {
          text: 'Where is my parcel?',
          channel: { metadata: { customAttributes: { orderId: 'A-9' } } },
        },
      },
    ]);
  });

  test('finds its echo among frames that are late, doubled, swapped, or of others', async () => {
    const stage = await openStage();
    await stage.set({
      disorder: {
        seed: 7,
        swap: 0.4,
        swapMs: 20,
        duplicate: 0.4,
        lateEcho: 0.3,
        lateMs: 50,
        echoAfterAnswer: 0.5,
      },
      script: [{ on: 'message', steps: [{ kind: 'text', text: 'Bot says hello' }] }],
      echo: { delayMs: { min: 0, max: 5 } },
      rates: { messagesPerSecond: 1000 },
    });
    const sent = Array.from({ length: 12 }, (_, n) => `text ${n}`);
    for (const content of sent)
      expect(await stage.job(textOf(content)).run()).toMatchObject({ kind: 'done' });
    const texts = await onlyTexts(stage);
    expect(texts.filter((text) => text?.startsWith('text'))).toEqual(sent);
  });
});

describe('an error of the channel', () => {
  test.each([
    [400, 'CONTENT_REFUSED'],
    [403, 'CAPABILITY_UNAVAILABLE'],
    [404, 'NOT_FOUND'],
    [4013, 'CONTENT_REFUSED'],
    [4017, 'CONVERSATION_CLOSED'],
    [4999, 'GENESYS_REFUSED'],
  ])('%i fails the message as %s, and keeps the connection of the session', async (code, expected) => {
    const stage = await openStage();
    await stage.fault({ effect: { kind: 'error', code } });
    expect(await stage.job(HELLO).run()).toMatchObject({
      kind: 'threw',
      error: { code: expected, status: code },
    });
  });

  test('without a tracing id belongs to the message under way', async () => {
    const stage = await openStage();
    await stage.fault({ effect: { kind: 'error', code: 4011, tracingId: false } });
    const ended = await stage.job(HELLO).run();
    expect(ended).toMatchObject({ kind: 'threw', error: { code: 'CONTENT_REFUSED', status: 4011 } });
    expect(await stage.job(textOf('next')).run()).toMatchObject({ kind: 'done' });
  });

  test.each([0, 1])(
    'that comes twice does not meet the next message (without tracing ids: %i)',
    async (bare) => {
      const stage = await openStage();
      await stage.set({ disorder: { duplicate: 1, errorWithoutTracingId: bare } });
      await stage.fault({ effect: { kind: 'error', code: 4011 } });
      expect(await stage.job(HELLO).run()).toMatchObject({ kind: 'threw' });
      expect(await stage.job(textOf('next')).run()).toMatchObject({ kind: 'done' });
    },
  );

  test('does not leave a doubt behind: the job may be sent again', async () => {
    const stage = await openStage();
    await stage.fault({ effect: { kind: 'error', code: 4011 } });
    const job = stage.job(HELLO);
    await job.run();
    expect(job.saved()).toEqual({});
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });
});

describe('a tenant', () => {
  test('whose Origin the deployment does not allow learns what to check', async () => {
    const stage = await openStage();
    await stage.system.sandbox.platform('PUT', '/webmessaging/deployments', {
      id: DEFAULT_DEPLOYMENT_ID,
      allowAllDomains: false,
      allowedDomains: ['other.example'],
    });
    expect(await stage.job(HELLO).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'CAPABILITY_UNAVAILABLE', status: 403, message: expect.stringContaining('origin') },
    });
  });

  test('without settings of the route learns that they are missing', async () => {
    const stage = await openStage({ tenant: { id: 'acme', dialect: 'platform' } });
    expect(await stage.job({ ...HELLO, route: 'webmessaging' }).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'CAPABILITY_UNAVAILABLE', message: expect.stringContaining('platform.webmessaging') },
    });
  });
});
