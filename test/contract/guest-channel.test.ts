import { randomUUID } from 'node:crypto';
import sdk from 'purecloud-platform-client-v2';
import { describe, expect, test } from 'vitest';
import { createTransport } from '../../src/outbound/transport.ts';
import { createWebSockets } from '../../src/outbound/web-sockets.ts';
import { DEFAULT_DEPLOYMENT_ID } from '../../src/sandbox/platform/webmessaging/deployments.ts';
import { type Connection, openConnection } from '../../src/webmessaging/connection.ts';
import { lookFor } from '../../src/webmessaging/history.ts';
import { prepareMessage } from '../../workers/platform/guest/guest-message.ts';
import type { OutgoingMessage } from '../../workers/platform/sender.ts';
import { connectGuest } from '../support/channel/guest.ts';
import { onEnd } from '../support/lifetime.ts';
import { openTestSandbox, type TestSandbox } from '../support/test-sandbox.ts';
import { sdkClient } from './sdk.ts';

const ORIGIN = 'https://shop.example';
const signal = AbortSignal.timeout(120_000);

/** Our connection of a new session. */
async function connect({ url }: TestSandbox, token: string): Promise<Connection> {
  const sockets = createWebSockets({
    connectTimeoutMs: 30_000,
    userAgent: 'gwm/test',
    maxMessageBytes: 1_000_000,
  });
  onEnd(() => sockets.close());
  const target = {
    url: new URL(`${url}/v1?deploymentId=${DEFAULT_DEPLOYMENT_ID}`),
    deploymentId: DEFAULT_DEPLOYMENT_ID,
    origin: ORIGIN,
    token,
    requests: { count: 60, windowMs: 60_000 },
  };
  const times = { connectTimeoutMs: 30_000, answerTimeoutMs: 30_000, pingMs: 20_000 };
  const connection = await openConnection(target, { sockets, ...times, onClose: () => {} }, signal);
  onEnd(() => connection.close());
  return connection;
}

/** What a session holds, without what differs between two runs of the same conversation. */
async function stateOf(sandbox: TestSandbox, token: string) {
  const log = (await sandbox.platform('GET', `/webmessaging/sessions/messages?token=${token}`)) as {
    body: { id: string; channel: { time: string; messageId: string }; metadata: { correlationId: string } };
  }[];
  return log.map(({ body }) => ({
    ...body,
    id: '',
    channel: { ...body.channel, time: '', messageId: '' },
    metadata: { ...body.metadata, correlationId: '' },
  }));
}

const CLICK = { type: 'QuickReply', text: 'Yes', payload: 'yes', originatingMessageId: 'out-1' } as const;

const MESSAGES: readonly (readonly [what: string, ours: Partial<OutgoingMessage>, theirs: object])[] = [
  ['a text', { text: 'Where is my parcel?' }, { type: 'Text', text: 'Where is my parcel?' }],
  [
    'a text with custom attributes',
    { text: 'hi', customAttributes: { orderId: 'A-9' } },
    { type: 'Text', text: 'hi', channel: { metadata: { customAttributes: { orderId: 'A-9' } } } },
  ],
  [
    'a click on a quick reply',
    { text: '', event: { click: CLICK } },
    {
      type: 'Structured',
      text: 'Yes',
      content: [
        {
          contentType: 'ButtonResponse',
          buttonResponse: { type: 'QuickReply', text: 'Yes', payload: 'yes' },
        },
      ],
    },
  ],
];

describe('our client and an independent one', () => {
  test.each(MESSAGES)('leave the same in the session after %s', async (_what, ours, theirs) => {
    const sandbox = await openTestSandbox();
    const [own, other] = [randomUUID(), randomUUID()];
    const { message } = prepareMessage({ conversationId: 'c-1', text: '', ...ours }, 'job-1');
    const connection = await connect(sandbox, own);
    await connection.ask(
      { action: 'onMessage', message },
      { take: (frame) => frame.kind === 'message' || undefined },
      { signal },
    );

    const guest = await connectGuest(sandbox, { origin: ORIGIN });
    await guest.configure(other);
    const { metadata } = message;
    await guest.ask({ action: 'onMessage', token: other, message: { ...theirs, metadata } });

    expect(await stateOf(sandbox, own)).toEqual(await stateOf(sandbox, other));
  });

  test('read the same history, as the official SDK does', async () => {
    const sandbox = await openTestSandbox();
    const token = randomUUID();
    const guest = await connectGuest(sandbox, { origin: ORIGIN });
    await guest.configure(token);
    const { body } = await guest.say(token, 'Where is my parcel?', { metadata: { jobId: 'job-1' } });
    const { body: granted } = await guest.ask({ action: 'getJwt', token });

    const client = sdkClient(sandbox.url);
    client.setAccessToken(String(granted['jwt']));
    const page = await new sdk.WebMessagingApi(client).getWebmessagingMessages({
      pageSize: 25,
      pageNumber: 1,
    });
    expect(page).toMatchObject({ pageSize: 25, pageNumber: 1, total: 1, pageCount: 1 });
    const answer = await fetch(`${sandbox.url}/api/v2/webmessaging/messages`, {
      headers: { authorization: `Bearer ${String(granted['jwt'])}`, origin: ORIGIN },
    });
    expect(answer.headers.has('inin-correlation-id')).toBe(true);
    expect(answer.headers.has('x-request-id')).toBe(false);
    expect(page.entities?.map(({ id, text, direction }) => ({ id, text, direction }))).toEqual([
      { id: body['id'], text: 'Where is my parcel?', direction: 'Inbound' },
    ]);

    const transport = createTransport({
      connectTimeoutMs: 30_000,
      requestTimeoutMs: 30_000,
      maxAnswerBytes: 262_144,
      userAgent: 'gwm/test',
    });
    onEnd(() => transport.close());
    const mark = {
      metadata: { jobId: 'job-1' },
      text: 'Where is my parcel?',
      sentAtMs: Date.now(),
      after: '',
    };
    const history = { transport, requestTimeoutMs: 30_000, now: Date.now, signal };
    expect(await lookFor(mark, await connect(sandbox, token), sandbox.url, history)).toEqual({
      verdict: 'delivered',
      messageId: body['id'],
    });
  });
});
