import { describe, expect, test } from 'vitest';
import { openSession } from '../../../support/channel/session.ts';
import type { TestSandbox } from '../../../support/test-sandbox.ts';

const fault = (sandbox: TestSandbox, body: object) => sandbox.platform('POST', '/webmessaging/faults', body);
const stored = async (sandbox: TestSandbox, token: string) =>
  ((await sandbox.platform('GET', `/webmessaging/sessions/messages?token=${token}`)) as unknown[]).length;
const message = (token: string, text = 'hi') => ({
  action: 'onMessage',
  token,
  tracingId: 'm-1',
  message: { type: 'Text', text },
});

describe('a connection is cut', () => {
  test.each([
    ['before-store', 0, 0],
    ['after-store', 1, 0],
    ['after-echo', 1, 1],
  ])('%s: %i stored messages, %i echoes', async (point, messages, echoes) => {
    const { sandbox, token, guest } = await openSession();
    await fault(sandbox, { effect: { kind: 'drop', point } });
    guest.send(message(token));
    expect(await guest.closed()).toBe(1006);
    expect(await stored(sandbox, token)).toBe(messages);
    expect(guest.frames.filter(({ tracingId }) => tracingId === 'm-1')).toHaveLength(echoes);
  });

  test('only for the token and the turn that a test names', async () => {
    const { sandbox, token, guest } = await openSession();
    await fault(sandbox, { token: 'other', effect: { kind: 'drop', point: 'before-store' } });
    await fault(sandbox, { token, after: 1, effect: { kind: 'drop', point: 'before-store' } });
    expect(await guest.say(token, 'one')).toMatchObject({ code: 200 });
    guest.send(message(token));
    expect(await guest.closed()).toBe(1006);
    expect(await sandbox.platform('GET', '/webmessaging/faults')).toHaveLength(1);
  });
});

describe('an injected answer', () => {
  test.each([
    [{ kind: 'error', code: 5000 }, { class: 'string', code: 5000, tracingId: 'm-1' }, 0],
    [{ kind: 'error', code: 500, stored: true }, { class: 'string', code: 500 }, 1],
    [
      { kind: 'throttle', retryAfterSeconds: 7 },
      { class: 'TooManyRequestsErrorMessage', body: { retryAfter: 7 } },
      0,
    ],
  ])('%j comes in place of the echo', async (effect, frame, messages) => {
    const { sandbox, token, guest } = await openSession();
    await fault(sandbox, { effect });
    expect(await guest.ask(message(token))).toMatchObject(frame);
    expect(await stored(sandbox, token)).toBe(messages);
  });

  test('may leave out the tracing id', async () => {
    const { sandbox, token, guest } = await openSession();
    await fault(sandbox, { effect: { kind: 'error', code: 400, tracingId: false } });
    guest.send(message(token));
    const frame = await guest.until('the error', ({ code }) => code === 400);
    expect(frame).not.toHaveProperty('tracingId');
  });

  test('may close the connection with a code', async () => {
    const { sandbox, token, guest } = await openSession();
    await fault(sandbox, { effect: { kind: 'close', code: 1011 } });
    guest.send(message(token));
    expect(await guest.closed()).toBe(1011);
  });

  test.each([
    [{ on: 'shout', effect: { kind: 'lose-echo' } }],
    [{ on: 'upgrade', effect: { kind: 'lose-echo' } }],
    [{ on: 'onMessage', effect: { kind: 'refuse', status: 403 } }],
  ])('that cannot be is refused: %j', async (body) => {
    const { sandbox } = await openSession();
    await expect(fault(sandbox, body)).rejects.toThrow('refused');
  });
});

describe('disorder', () => {
  test('loses echoes, and stores their messages', async () => {
    const { sandbox, token, guest } = await openSession({ disorder: { lostEcho: 1 } });
    guest.send(message(token));
    await expect.poll(() => stored(sandbox, token)).toBe(1);
    await guest.ping();
    expect(guest.frames.some(({ tracingId }) => tracingId === 'm-1')).toBe(false);
  });

  test('doubles frames', async () => {
    const { token, guest } = await openSession({ disorder: { duplicate: 1 } });
    guest.send(message(token));
    await expect.poll(() => guest.frames.filter(({ tracingId }) => tracingId === 'm-1').length).toBe(2);
  });

  test('lets the answer of a bot overtake the echo', async () => {
    const { token, guest } = await openSession({
      disorder: { echoAfterAnswer: 1 },
      script: [{ steps: [{ kind: 'text', text: 'answer' }] }],
    });
    await guest.ask(message(token));
    const texts = guest.frames.map(({ body }) => body['text']).filter((text) => text !== undefined);
    expect(texts).toEqual(['answer', 'hi']);
  });

  test('swaps frames, and makes an echo late', async () => {
    const { token, guest } = await openSession({
      disorder: { lateEcho: 1, lateMs: 200 },
      echo: { delayMs: { min: 0, max: 0 } },
    });
    guest.send(message(token));
    await guest.ask({ action: 'getJwt', token });
    expect(guest.frames.some(({ tracingId }) => tracingId === 'm-1')).toBe(false);
    await guest.until('the echo', ({ tracingId }) => tracingId === 'm-1');
  });

  test('is the same for the same seed', async () => {
    const play = async () => {
      const { token, guest } = await openSession({
        disorder: { seed: 5, duplicate: 0.5 },
        rates: { messagesPerSecond: 100 },
        echo: { delayMs: { min: 0, max: 0 } },
      });
      for (let n = 0; n < 8; n++) await guest.say(token, `text ${n}`);
      await guest.ping();
      return guest.frames.map(({ body }) => body['text']);
    };
    expect(await play()).toEqual(await play());
  });

  test('makes requests fail by chance', async () => {
    const { token, guest } = await openSession({ errors: { random: [{ code: 503, rate: 1 }] } });
    expect(await guest.say(token, 'hi')).toMatchObject({ class: 'string', code: 503 });
  });
});

describe('a connection that is', () => {
  test.each([
    ['idle', { idleSeconds: 30 }],
    ['old', { maxAgeSeconds: 30, idleSeconds: 600 }],
  ])('%s is closed with 1001', async (_name, connection) => {
    const { sandbox, guest } = await openSession({ connection });
    await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 31_000 });
    expect(await guest.closed()).toBe(1001);
  });

  test('pinged answers, and stays open where a ping counts', async () => {
    const { sandbox, token, guest } = await openSession({ connection: { idleSeconds: 30 } });
    await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 20_000 });
    await guest.ping();
    await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 20_000 });
    expect(await guest.say(token, 'hi')).toMatchObject({ code: 200 });
  });
});

describe('the control', () => {
  test('shows sessions with what they counted, and forgets them with a reset', async () => {
    const { sandbox, token, guest } = await openSession();
    await guest.say(token, 'one');
    await guest.ask({ action: 'onMessage', token, message: { type: 'Text', text: 'x'.repeat(5000) } });
    const [session] = (await sandbox.platform('GET', '/webmessaging/sessions')) as object[];
    expect(session).toMatchObject({
      token,
      state: 'open',
      counters: { configures: 1, messagesStored: 1, echoes: 1, connectionsOpened: 1, errors: { 4011: 1 } },
      connections: [{ origin: 'https://shop.example', token, requests: 3 }],
    });
    await sandbox.platform('POST', '/webmessaging/reset');
    expect(await sandbox.platform('GET', '/webmessaging/sessions')).toEqual([]);
  });

  test('refuses a setting that does not exist', async () => {
    const { sandbox } = await openSession();
    await expect(sandbox.platform('PUT', '/webmessaging/settings', { rates: { perDay: 1 } })).rejects.toThrow(
      'perDay',
    );
  });
});
