import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../../src/sandbox/platform/webmessaging/deployments.ts';
import { connectGuest } from '../../../support/channel/guest.ts';
import { openTestSandbox, type TestSandbox } from '../../../support/test-sandbox.ts';

const DAY_MS = 86_400_000;

async function openWith({
  deployment = {},
  ...settings
}: {
  deployment?: object;
  [group: string]: object;
} = {}) {
  const sandbox = await openTestSandbox();
  await sandbox.platform('PUT', '/webmessaging/deployments', { id: DEFAULT_DEPLOYMENT_ID, ...deployment });
  await sandbox.platform('PUT', '/webmessaging/settings', settings);
  return sandbox;
}

const act = (sandbox: TestSandbox, path: string, body: object) =>
  sandbox.platform('POST', `/webmessaging${path}`, body);

describe('a configure', () => {
  test('tells the life of the session and the files that it takes', async () => {
    const sandbox = await openWith({
      session: { durationSeconds: 3600 },
      media: { fileTypes: ['image/png'], maxFileSizeKB: 5, blockedExtensions: ['.svg'] },
    });
    const { body } = await (await connectGuest(sandbox)).configure(randomUUID());
    expect(body).toMatchObject({
      connected: true,
      newSession: true,
      readOnly: false,
      durationSeconds: 3600,
      maxCustomDataBytes: 2048,
      allowedMedia: { inbound: { fileTypes: [{ type: 'image/png' }], maxFileSizeKB: 5 } },
      blockedExtensions: ['.svg'],
    });
    expect(Number(body['expirationDate']) * 1000).toBeGreaterThan(Date.now() + 3_500_000);
  });

  test('of a known token resumes the session, also without a message', async () => {
    const sandbox = await openWith();
    const token = randomUUID();
    await (await connectGuest(sandbox)).configure(token);
    expect((await (await connectGuest(sandbox)).configure(token)).body).toMatchObject({ newSession: false });
  });

  test.each([
    ['no token', { token: undefined }, 4020],
    ['no deployment', { deploymentId: undefined }, 4020],
    ['another deployment', { deploymentId: randomUUID() }, 400],
    ['a token of 2049 characters', { token: 'x'.repeat(2049) }, 400],
    ['a flag that is none', { startNew: 'yes' }, 400],
  ])('with %s is refused', async (_name, fields, code) => {
    const guest = await connectGuest(await openWith());
    expect(await guest.configure(randomUUID(), fields)).toMatchObject({ class: 'string', code });
  });

  test('with startNew begins another conversation with the same token', async () => {
    const sandbox = await openWith();
    const token = randomUUID();
    const guest = await connectGuest(sandbox);
    await guest.configure(token);
    await guest.say(token, 'one');
    await act(sandbox, '/sessions/read-only', { token });
    expect((await guest.configure(token)).body).toMatchObject({ readOnly: true, newSession: false });
    expect(await guest.say(token, 'two')).toMatchObject({ code: 409 });
    expect((await guest.configure(token, { startNew: true })).body).toMatchObject({ newSession: true });
    expect(await guest.say(token, 'three')).toMatchObject({ code: 200 });
    const log = (await sandbox.platform('GET', `/webmessaging/sessions/messages?token=${token}`)) as {
      conversationId: string;
    }[];
    expect(new Set(log.map(({ conversationId }) => conversationId)).size).toBe(2);
  });
});

describe('a session', () => {
  test('must be configured on its connection', async () => {
    const sandbox = await openWith();
    const token = randomUUID();
    await (await connectGuest(sandbox)).configure(token);
    expect(await (await connectGuest(sandbox)).say(token, 'hi')).toMatchObject({
      class: 'string',
      code: 4007,
    });
  });

  test('expires after its time without a message, and says so', async () => {
    const sandbox = await openWith();
    const token = randomUUID();
    const guest = await connectGuest(sandbox);
    await guest.configure(token);
    await act(sandbox, '/clock', { advanceMs: 2 * DAY_MS });
    const again = await connectGuest(sandbox);
    await again.configure(token);
    await again.say(token, 'extends');
    await act(sandbox, '/clock', { advanceMs: 2 * DAY_MS });
    const third = await connectGuest(sandbox);
    expect((await third.configure(token)).body).toMatchObject({ newSession: false });
    await act(sandbox, '/sessions/expire', { token });
    await third.until('the news', (frame) => frame.class === 'SessionExpiredEvent');
    expect(await third.say(token, 'late')).toMatchObject({ class: 'string', code: 4006 });
  });

  test.each([
    ['new', { class: 'SessionResponse', body: { newSession: true } }],
    ['refuse', { class: 'string', code: 4006 }],
  ])('that has expired is answered by the setting: %s', async (afterExpiry, answer) => {
    const sandbox = await openWith({ session: { afterExpiry } });
    const token = randomUUID();
    await (await connectGuest(sandbox)).configure(token);
    await act(sandbox, '/sessions/expire', { token });
    expect(await (await connectGuest(sandbox)).configure(token)).toMatchObject(answer);
  });

  test.each([1000, 1001])(
    'has three connections: a fourth closes the oldest with %i',
    async (evictCloseCode) => {
      const sandbox = await openWith({ session: { evictCloseCode } });
      const token = randomUUID();
      const guests = [];
      for (let n = 0; n < 4; n++) {
        const guest = await connectGuest(sandbox);
        await guest.configure(token);
        guests.push(guest);
      }
      const [oldest, second] = guests;
      await oldest?.until('the news', (frame) => frame.class === 'ConnectionClosedEvent');
      expect(await oldest?.closed()).toBe(evictCloseCode);
      await second?.say(token, 'hi');
      await guests[3]?.until('the echo', (frame) => frame.class === 'StructuredMessage');
      expect(oldest?.frames.some((frame) => frame.class === 'StructuredMessage')).toBe(false);
    },
  );

  test('that its guest closes stays for others, unless all connections are to close', async () => {
    const sandbox = await openWith();
    const token = randomUUID();
    const [one, two] = [await connectGuest(sandbox), await connectGuest(sandbox)];
    await one.configure(token);
    await two.configure(token);
    const left = await one.ask({ action: 'closeSession', token, closeAllConnections: false });
    expect(left).toMatchObject({ class: 'SessionResponse', body: { connected: false } });
    expect(await two.say(token, 'still here')).toMatchObject({ code: 200 });
    await one.configure(token);
    await one.ask({ action: 'closeSession', token, closeAllConnections: true });
    await two.until('the news', (frame) => frame.class === 'ConnectionClosedEvent');
    expect(await two.closed()).toBe(1000);
  });

  test.each([
    ['Send', false, 200],
    ['ReadOnly', true, 409],
  ])('that an agent disconnects (%s) is read-only: %s', async (type, isReadOnly, code) => {
    const sandbox = await openWith({ deployment: { conversationDisconnect: { enabled: true, type } } });
    const token = randomUUID();
    const guest = await connectGuest(sandbox);
    await guest.configure(token);
    await act(sandbox, '/sessions/disconnect', { token });
    const { body } = await guest.until('the event', (frame) => frame.class === 'StructuredMessage');
    expect(body).toMatchObject({
      direction: 'Outbound',
      type: 'Event',
      events: [{ eventType: 'Presence', presence: { type: 'Disconnect' } }],
      metadata: { readOnly: String(isReadOnly) },
    });
    expect(await guest.say(token, 'more')).toMatchObject({ code });
    expect((await guest.configure(token)).body).toMatchObject({ readOnly: isReadOnly });
  });
});

describe('a guest that clears the conversation', () => {
  const CLEAR = { type: 'Event', events: [{ eventType: 'Presence', presence: { type: 'Clear' } }] };

  test('ends it where the deployment allows it', async () => {
    const sandbox = await openWith({ deployment: { conversationClear: true } });
    const token = randomUUID();
    const guest = await connectGuest(sandbox);
    await guest.configure(token);
    await guest.say(token, 'one');
    guest.send({ action: 'onMessage', token, message: CLEAR });
    await guest.until('the news', (frame) => frame.class === 'ConnectionClosedEvent');
    expect(guest.frames.map((frame) => frame.class).slice(-3)).toEqual([
      'SessionClearedEvent',
      'StructuredMessage',
      'ConnectionClosedEvent',
    ]);
    expect(await guest.closed()).toBe(1000);
    expect((await (await connectGuest(sandbox)).configure(token)).body).toMatchObject({ newSession: true });
  });

  test('is refused otherwise, in words that name the feature', async () => {
    const guest = await connectGuest(await openWith());
    const token = randomUUID();
    await guest.configure(token);
    const refused = await guest.ask({ action: 'onMessage', token, message: CLEAR });
    expect(refused).toMatchObject({
      class: 'string',
      code: 403,
      body: expect.stringContaining('Conversation Clear'),
    });
  });
});

describe('a guest who signs in', () => {
  const auth = { enabled: true, allowSessionUpgrade: true };
  const signIn = (token: string, code: string) => ({
    action: 'configureAuthenticatedSession',
    deploymentId: DEFAULT_DEPLOYMENT_ID,
    token,
    data: { code },
  });

  test('is marked in each message, and cannot become a guest again', async () => {
    const guest = await connectGuest(await openWith({ deployment: { auth } }));
    const token = randomUUID();
    expect(await guest.ask(signIn(token, 'sandbox-code'))).toMatchObject({
      class: 'SessionResponse',
      code: 200,
    });
    expect((await guest.say(token, 'hi')).body).toMatchObject({ metadata: { authenticated: 'true' } });
    expect(await guest.configure(token)).toMatchObject({ class: 'string', code: 4017 });
  });

  test.each([
    ['expired-code', { auth }, 401],
    ['other-code', { auth }, 403],
    ['sandbox-code', {}, 403],
  ])('with %s is refused', async (code, deployment, expected) => {
    const guest = await connectGuest(await openWith({ deployment }));
    expect(await guest.ask(signIn(randomUUID(), code))).toMatchObject({ class: 'string', code: expected });
  });

  test('takes a session over from its other connections', async () => {
    const sandbox = await openWith({ deployment: { auth } });
    const token = randomUUID();
    const [before, after] = [await connectGuest(sandbox), await connectGuest(sandbox)];
    await before.configure(token);
    expect(await after.ask(signIn(token, 'sandbox-code'))).toMatchObject({ code: 200 });
    const { body } = await before.until('the news', (frame) => frame.class === 'ConnectionClosedEvent');
    expect(body).toMatchObject({ reason: 'signedIn' });
    expect(await before.closed()).toBe(1000);
  });

  test('hears of a log-out on another device', async () => {
    const sandbox = await openWith({ deployment: { auth } });
    const token = randomUUID();
    const guest = await connectGuest(sandbox);
    await guest.ask(signIn(token, 'sandbox-code'));
    await act(sandbox, '/sessions/log-out', { token });
    await guest.until('the news', (frame) => frame.class === 'LogoutEvent');
    expect(await guest.say(token, 'hi')).toMatchObject({ code: 401 });
  });
});
