import { describe, expect, test } from 'vitest';
import { onlySession, openStage } from './stage.ts';

const textOf = (content: string, conversationId = 'c-1') => ({
  conversationId,
  body: { contentType: 'text/plain', content },
});

describe('an open connection', () => {
  test('is closed when no message comes, and opened again for the next one', async () => {
    const stage = await openStage({ environment: { GUEST_IDLE: '50ms' } });
    await stage.job(textOf('one')).run();
    await expect.poll(async () => (await onlySession(stage)).connections).toEqual([]);
    expect(await stage.job(textOf('two')).run()).toMatchObject({ kind: 'done' });
    const session = await onlySession(stage);
    expect(session).toMatchObject({ state: 'open', counters: { connectionsOpened: 2 } });
    expect(await stage.texts(session.token)).toEqual(['one', 'two']);
  });

  test('makes room for others: the one that has waited longest is closed', async () => {
    const stage = await openStage({ environment: { GUEST_MAX_IDLE: '2' } });
    for (const id of ['c-1', 'c-2', 'c-1', 'c-3']) await stage.job(textOf('hi', id)).run();
    const open = async () => (await stage.sessions()).map(({ connections }) => connections.length);
    await expect.poll(open).toEqual([1, 0, 1]);
  });

  test('takes no room once the server has closed it', async () => {
    const stage = await openStage({ environment: { GUEST_MAX_IDLE: '2' } });
    for (const id of ['c-1', 'c-2']) await stage.job(textOf('hi', id)).run();
    const token = (await stage.sessions())[1]?.token ?? '';
    await stage.control('/sessions/close', { token, code: 1001 });
    const open = async () => (await stage.sessions()).map(({ connections }) => connections.length);
    await expect.poll(open).toEqual([1, 0]);
    await expect.poll(stage.metrics).toContain('\ngwm_guest_connections 1\n');
    await stage.job(textOf('hi', 'c-3')).run();
    await stage.job(textOf('again', 'c-1')).run();
    expect((await stage.sessions())[0]?.counters).toMatchObject({ connectionsOpened: 1 });
  });

  test.each([1000, 1001, 1011])('that the server closes with %i is replaced', async (code) => {
    const stage = await openStage();
    await stage.job(textOf('one')).run();
    const { token } = await onlySession(stage);
    await stage.control('/sessions/close', { token, code });
    await expect.poll(async () => (await onlySession(stage)).connections).toEqual([]);
    expect(await stage.job(textOf('two')).run()).toMatchObject({ kind: 'done' });
    expect(await stage.texts(token)).toEqual(['one', 'two']);
  });

  test('that was evicted by newer ones of the session is replaced', async () => {
    const stage = await openStage();
    await stage.job(textOf('one')).run();
    const others = [stage.openWorker(), stage.openWorker(), stage.openWorker()];
    for (const [n, worker] of others.entries()) await stage.job(textOf(`other ${n}`)).run({ worker });
    const session = await onlySession(stage);
    expect(session.counters).toMatchObject({ connectionsEvicted: 1 });
    expect(session.connections).toHaveLength(3);
    expect(await stage.job(textOf('last')).run()).toMatchObject({ kind: 'done' });
    expect(await stage.texts(session.token)).toEqual(['one', 'other 0', 'other 1', 'other 2', 'last']);
  });

  test('whose pings have no answer is broken off', async () => {
    const stage = await openStage({ environment: { GUEST_PING: '100ms' } });
    await stage.set({ connection: { answerPings: false } });
    await stage.job(textOf('one')).run();
    await expect.poll(async () => (await onlySession(stage)).connections).toEqual([]);
  });

  test('whose pings are answered stays', async () => {
    const stage = await openStage({ environment: { GUEST_PING: '100ms' } });
    await stage.job(textOf('one')).run();
    const opened = () => stage.system.sandbox.platform('GET', '/webmessaging/connections');
    const before = await opened();
    await expect
      .poll(async () => ((await opened()) as { open: { activeAt: string }[] }).open[0]?.activeAt)
      .not.toBe((before as { open: { activeAt: string }[] }).open[0]?.activeAt);
    expect(await stage.job(textOf('two')).run()).toMatchObject({ kind: 'done' });
    expect((await onlySession(stage)).counters).toMatchObject({ connectionsOpened: 1 });
  });
});

test('connections and lost echoes are counted', async () => {
  const stage = await openStage({ environment: { GUEST_ECHO_TIMEOUT: '2s' } });
  await stage.job(textOf('one')).run();
  await stage.job(textOf('two', 'c-2')).run();
  expect(await stage.metrics()).toContain('\ngwm_guest_connections 2\n');
  await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
  await stage.job(textOf('three')).runToEnd();
  const shown = await stage.metrics();
  expect(shown).toContain('\ngwm_guest_connections 2\n');
  expect(shown).toContain('\ngwm_guest_connections_opened_total 3\n');
  expect(shown).toContain('\ngwm_guest_lost_echoes_total{found="delivered"} 1\n');
});

describe('a connection that does not open', () => {
  test.each([
    [403, 'CAPABILITY_UNAVAILABLE'],
    [404, 'NOT_FOUND'],
    [503, 'GENESYS_UNAVAILABLE'],
  ])('because of the status %i fails the message with %s', async (status, code) => {
    const stage = await openStage();
    await stage.fault({ on: 'upgrade', effect: { kind: 'refuse', status } });
    const job = stage.job(textOf('one'));
    expect(await job.run()).toMatchObject({ kind: 'threw', error: { code, status, isUnknown: false } });
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });

  test('because there are too many makes the message wait', async () => {
    const stage = await openStage();
    await stage.fault({ on: 'upgrade', effect: { kind: 'refuse', status: 429 } });
    expect(await stage.job(textOf('one')).run()).toMatchObject({ kind: 'snooze', reason: 'session-paused' });
  });

  test('because the configure has no answer leaves nothing unknown', async () => {
    const stage = await openStage({ environment: { GUEST_ECHO_TIMEOUT: '200ms' } });
    await stage.fault({ on: 'configureSession', effect: { kind: 'drop', point: 'before-store' } });
    const job = stage.job(textOf('one'));
    expect(await job.run()).toMatchObject({
      kind: 'threw',
      error: { code: 'GENESYS_UNREACHABLE', isUnknown: false },
    });
    expect(job.saved()).toBeUndefined();
    await stage.fault({
      on: 'configureSession',
      effect: { kind: 'reply', text: '{"class":"SessionResponse"}' },
    });
    expect(await job.run()).toMatchObject({ kind: 'threw', error: { code: 'GENESYS_UNREACHABLE' } });
    expect(await job.runToEnd()).toMatchObject({ kind: 'done' });
  });
});

describe('a hostile server', () => {
  test.each([
    ['no JSON', 'not a frame'],
    ['a number', '7'],
    [
      'a frame of another request',
      '{"type":"message","class":"StructuredMessage","code":200,"tracingId":"other","body":{"direction":"Inbound"}}',
    ],
    [
      'an outbound message with our id',
      '{"type":"message","class":"StructuredMessage","code":200,"tracingId":"job-1-1-0","body":{"direction":"Outbound"}}',
    ],
  ])('delivers nothing with %s', async (_name, frame) => {
    const stage = await openStage({
      environment: { GUEST_ECHO_TIMEOUT: '300ms', GUEST_HISTORY_DELAY: '0s' },
    });
    await stage.fault({ effect: { kind: 'reply', text: frame } });
    const job = stage.job(textOf('one'));
    expect(await job.run()).toMatchObject({ kind: 'snooze', reason: 'echo-lost' });
    expect(await job.runToEnd()).toMatchObject({ kind: 'done' });
  });

  test('breaks its connection with a frame over the limit, and the message is looked for', async () => {
    const stage = await openStage({ environment: { GUEST_MAX_FRAME_BYTES: '4096' } });
    await stage.fault({ effect: { kind: 'reply', text: `"${'x'.repeat(5000)}"` } });
    expect(await stage.job(textOf('one')).run()).toMatchObject({ kind: 'snooze', reason: 'echo-lost' });
  });
});
