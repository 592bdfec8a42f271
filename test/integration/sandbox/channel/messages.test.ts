import { describe, expect, test } from 'vitest';
import { connectGuest, type Guest } from '../../../support/channel/guest.ts';
import { openSession } from '../../../support/channel/session.ts';
import type { TestSandbox } from '../../../support/test-sandbox.ts';

const logOf = async (sandbox: TestSandbox, token: string) =>
  (await sandbox.platform('GET', `/webmessaging/sessions/messages?token=${token}`)) as {
    tracingId: string | null;
    body: { text?: string };
  }[];

describe('the echo', () => {
  test('goes to all connections of the session, with the id of the request and its metadata', async () => {
    const { sandbox, token, guest } = await openSession();
    const other = await connectGuest(sandbox);
    await other.configure(token);
    const echo = await guest.say(token, 'hi', { metadata: { jobId: '71' } });
    expect(echo).toMatchObject({
      type: 'message',
      class: 'StructuredMessage',
      body: {
        direction: 'Inbound',
        text: 'hi',
        metadata: { jobId: '71', correlationId: expect.any(String) },
      },
    });
    const same = await other.until('the echo', (frame) => frame.tracingId === echo.tracingId);
    expect(same).toEqual(echo);
  });

  test('has no tracing id if the request has none', async () => {
    const { token, guest } = await openSession();
    guest.send({ action: 'onMessage', token, message: { type: 'Text', text: 'hi' } });
    const echo = await guest.until('the echo', (frame) => frame.class === 'StructuredMessage');
    expect(echo).not.toHaveProperty('tracingId');
  });

  test.each([
    ['server', (id: unknown) => id !== 'mine'],
    ['client', (id: unknown) => id === '0d2b5c1e-6f0a-4b7c-8d9e-a1b2c3d4e5f6'],
  ])('has a message id of the %s', async (messageId, fits) => {
    const { token, guest } = await openSession({ echo: { messageId } });
    const { body } = await guest.say(token, 'hi', {
      channel: { messageId: '0d2b5c1e-6f0a-4b7c-8d9e-a1b2c3d4e5f6' },
    });
    expect(fits((body['channel'] as { messageId: string }).messageId)).toBe(true);
  });

  test('may have the type of a response', async () => {
    const { token, guest } = await openSession({ echo: { type: 'response' } });
    expect(await guest.say(token, 'hi')).toMatchObject({ type: 'response', class: 'StructuredMessage' });
  });

  test('of the same message sent twice comes twice: nothing is recognized as a repetition', async () => {
    const { sandbox, token, guest } = await openSession();
    for (let n = 0; n < 2; n++) {
      await guest.ask({
        action: 'onMessage',
        token,
        tracingId: `same-${n}`,
        message: { type: 'Text', text: 'hi' },
      });
    }
    expect(await logOf(sandbox, token)).toHaveLength(2);
  });

  test('of a repetition is that of the first message, where the settings recognize it', async () => {
    const { sandbox, token, guest } = await openSession({ echo: { deduplicateBy: 'tracingId' } });
    const request = { action: 'onMessage', token, tracingId: 'same', message: { type: 'Text', text: 'hi' } };
    await guest.ask(request);
    guest.send(request);
    await expect.poll(() => guest.frames.filter(({ tracingId }) => tracingId === 'same').length).toBe(2);
    expect(await logOf(sandbox, token)).toHaveLength(1);
  });
});

describe('custom attributes', () => {
  const customAttributes = { orderId: 'A-9' };
  const NEW = { channel: { metadata: { customAttributes } } };
  const attributesIn = ({ body }: Awaited<ReturnType<Guest['say']>>) =>
    (body['channel'] as { metadata?: { customAttributes: object } }).metadata?.customAttributes;

  test('in the message come back', async () => {
    const { token, guest } = await openSession();
    expect(attributesIn(await guest.say(token, 'hi', NEW))).toEqual(customAttributes);
  });

  test.each([
    ['ignore', undefined],
    ['accept', customAttributes],
  ])('beside the message are old: %s', async (legacyAttributes, expected) => {
    const { token, guest } = await openSession({ echo: { legacyAttributes } });
    const echo = await guest.ask({
      action: 'onMessage',
      token,
      message: { type: 'Text', text: 'hi' },
      ...NEW,
    });
    expect(attributesIn(echo)).toEqual(expected);
  });

  test('over 2048 bytes are refused with 4013', async () => {
    const { token, guest } = await openSession();
    const long = { channel: { metadata: { customAttributes: { a: 'x'.repeat(2048) } } } };
    expect(await guest.say(token, 'hi', long)).toMatchObject({ class: 'string', code: 4013 });
  });
});

describe('a text', () => {
  test.each([
    ['bytes', 'é'.repeat(2048), 'é'.repeat(2049)],
    ['characters', 'é'.repeat(4096), 'é'.repeat(4097)],
  ])('has at most 4096 %s', async (textUnit, longest, tooLong) => {
    const { token, guest } = await openSession({ limits: { textUnit } });
    expect(await guest.say(token, longest)).toMatchObject({ code: 200 });
    expect(await guest.say(token, tooLong)).toMatchObject({ code: 4011 });
  });

  test.each(['', ' \n'])('that is blank is refused: %j', async (text) => {
    const { token, guest } = await openSession();
    expect(await guest.say(token, text)).toMatchObject({ code: 4020 });
  });
});

describe('a rate', () => {
  const tooMany = {
    type: 'response',
    class: 'TooManyRequestsErrorMessage',
    code: 429,
    body: { errorCode: 4029 },
  };

  test.each(['fixed', 'sliding'])(
    'of messages is that of the session, in a %s window, and ends',
    async (window) => {
      const { sandbox, token, guest } = await openSession({
        rates: { window, messagesPerSecond: 2, retryAfterSeconds: 'exact' },
        echo: { delayMs: { min: 0, max: 0 } },
      });
      const other = await connectGuest(sandbox);
      await other.configure(token);
      await guest.say(token, 'one');
      await other.say(token, 'two');
      expect(await guest.say(token, 'three')).toMatchObject({ ...tooMany, body: { retryAfter: 1 } });
      await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 1000 });
      expect(await guest.say(token, 'four')).toMatchObject({ code: 200 });
    },
  );

  test('of requests is that of the connection, all actions together', async () => {
    const { sandbox, token, guest } = await openSession({ rates: { requestsPerMinute: 3 } });
    await guest.say(token, 'one');
    await guest.ask({ action: 'getJwt', token });
    expect(await guest.ask({ action: 'getJwt', token })).toMatchObject({
      ...tooMany,
      body: { retryAfter: 3 },
    });
    const other = await connectGuest(sandbox);
    expect(await other.configure(token)).toMatchObject({ code: 200 });
  });

  test('of configures is that of the session', async () => {
    const { token, guest } = await openSession({ rates: { configuresPerMinute: 2 } });
    await guest.configure(token);
    expect(await guest.configure(token)).toMatchObject(tooMany);
  });

  test('of echoes is two in a minute', async () => {
    const { token, guest } = await openSession();
    const echo = () => guest.ask({ action: 'echo', token, message: { type: 'Text', text: 'ping' } });
    const first = await echo();
    expect(first).toMatchObject({
      type: 'response',
      class: 'StructuredMessage',
      body: {
        text: 'ping',
        metadata: { durationSeconds: '259200', expirationDate: expect.stringMatching(/^\d+$/) },
      },
    });
    await echo();
    expect(await echo()).toMatchObject(tooMany);
  });
});

describe('the agent', () => {
  test('answers by the script: text, typing, quick replies and a file', async () => {
    const quickReply = {
      contentType: 'QuickReply',
      quickReply: { text: 'Yes', payload: 'yes', action: 'Message' },
    };
    const { token, guest } = await openSession({
      script: [
        {
          contains: 'parcel',
          steps: [
            { kind: 'typing', durationMs: 3000 },
            { kind: 'text', text: 'Which one?', from: 'Human' },
            { kind: 'structured', text: 'Pick one', content: [quickReply] },
            { kind: 'attachment', filename: 'map.png' },
          ],
        },
        { on: 'join', steps: [{ kind: 'text', text: 'Welcome' }] },
      ],
    });
    await guest.say(token, 'hello');
    await guest.say(token, 'Where is my parcel?');
    await expect
      .poll(() => guest.frames.filter(({ body }) => body['direction'] === 'Outbound').length)
      .toBe(4);
    expect(
      guest.frames.filter(({ body }) => body['direction'] === 'Outbound').map(({ body }) => body),
    ).toMatchObject([
      { type: 'Event', events: [{ eventType: 'Typing', typing: { type: 'On', duration: 3000 } }] },
      {
        type: 'Text',
        text: 'Which one?',
        originatingEntity: 'Human',
        channel: { from: { nickname: 'Sam' } },
      },
      { type: 'Structured', content: [quickReply], originatingEntity: 'Bot' },
      { type: 'Text', content: [{ contentType: 'Attachment', attachment: { filename: 'map.png' } }] },
    ]);
    const join = { type: 'Event', events: [{ eventType: 'Presence', presence: { type: 'Join' } }] };
    expect((await guest.ask({ action: 'onMessage', token, message: join })).body).toMatchObject({
      type: 'Event',
    });
    await guest.until('the welcome', ({ body }) => body['text'] === 'Welcome');
  });

  test('gets the click of a guest as a structured message', async () => {
    const { sandbox, token, guest } = await openSession();
    const buttonResponse = { type: 'QuickReply', text: 'Yes', payload: 'yes' };
    const content = [{ contentType: 'ButtonResponse', buttonResponse }];
    await guest.ask({ action: 'onMessage', token, message: { type: 'Structured', text: 'Yes', content } });
    expect(await logOf(sandbox, token)).toMatchObject([
      { body: { type: 'Structured', text: 'Yes', content } },
    ]);
  });

  test.each([
    [true, undefined],
    [false, 403],
  ])('sees typing where the deployment shows it: %s', async (showUserTypingIndicator, code) => {
    const { sandbox, token, guest } = await openSession({ echo: { typing: true } });
    const [{ id }] = (await sandbox.platform('GET', '/webmessaging/deployments')) as [{ id: string }];
    await sandbox.platform('PUT', '/webmessaging/deployments', { id, showUserTypingIndicator });
    const typing = { type: 'Event', events: [{ eventType: 'Typing', typing: { type: 'On' } }] };
    const answer = await guest.ask({ action: 'onMessage', token, message: typing });
    expect(answer).toMatchObject(
      code === undefined ? { class: 'StructuredMessage' } : { class: 'string', code },
    );
    expect(await logOf(sandbox, token)).toEqual([]);
  });
});

describe('a malformed request', () => {
  test.each([
    ['no JSON', 'hello', 400],
    ['a list', [1], 400],
    ['an unknown action', { action: 'shout' }, 400],
    ['no action', { token: 'x' }, 4020],
    ['no message', { action: 'onMessage', token: 'x' }, 4020],
    ['a message of another type', { action: 'onMessage', token: 'x', message: { type: 'Song' } }, 400],
    ['an action of Object', { action: 'toString', token: 'x' }, 400],
  ])('is refused, and the connection stays: %s', async (_name, frame, code) => {
    const { token, guest } = await openSession();
    const before = guest.frames.length;
    guest.send(frame);
    await expect.poll(() => guest.frames[before]).toMatchObject({ type: 'response', class: 'string', code });
    expect(await guest.say(token, 'still here')).toMatchObject({ code: 200 });
  });

  test('is answered in the class that the settings name', async () => {
    const { guest } = await openSession({ errors: { shape: 'ErrorMessage' } });
    expect(await guest.ask({ action: 'shout' })).toMatchObject({
      class: 'ErrorMessage',
      body: { errorCode: 400 },
    });
  });

  test('that is too long closes the connection with 1009', async () => {
    const { guest } = await openSession();
    const second = await connectGuest((await openSession({ connection: { maxFrameBytes: 1000 } })).sandbox);
    second.send('x'.repeat(1001));
    expect(await second.closed()).toBe(1009);
    guest.close();
  });
});
