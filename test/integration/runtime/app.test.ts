import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { OperatorError } from '../../../src/core/errors.ts';
import { done } from '../../../src/core/outcome.ts';
import { openApp } from '../../../src/runtime/app.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { messageTransmission } from '../../../workers/message-transmission.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

const TEXT = 'canary: my card number is 1234';

describe('the parts of a worker in one process', () => {
  test('deliver a message end to end', async () => {
    const system = await openSystem();
    const app = await open(system);
    await run(app, messageTransmission(app.genesys) as Handler<never>);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'completed',
      result: { messageId: expect.stringMatching(/^msg-/) },
    });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test('close every connection that they opened', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis });
    const connections = async () =>
      String(await system.client.client('LIST'))
        .trim()
        .split('\n').length;
    await system.client.ping();
    const before = await connections();
    const app = await open(system);
    expect(await connections()).toBeGreaterThan(before);

    await app.close();

    await waitFor(async () => (await connections()) === before, { what: 'the end of its connections' });
  });

  test('do not start without a tenants file or without Redis', async () => {
    const { environment } = await openSystem({ environment: { LOG_LEVEL: 'silent' } });
    const withoutTenants = { ...environment, TENANTS_FILE: '/nowhere/tenants.json' };
    const withoutRedis = { ...environment, REDIS_URL: 'redis://127.0.0.1:1' };

    await expect(openApp(loadConfig(withoutTenants), withoutTenants)).rejects.toThrow(OperatorError);
    await expect(openApp(loadConfig(withoutRedis), withoutRedis)).rejects.toThrow(
      /Redis at redis:\/\/127\.0\.0\.1:1 does not answer/,
    );
  });
});

describe('a bug in a handler', () => {
  const withBug = () => {
    throw new TypeError(`cannot read ${TEXT}`);
  };

  test('is retried, and makes a dead letter without the text of the error', async () => {
    const system = await openSystem();
    await run(await open(system), withBug);

    const { jobIds } = await system.openProducer().enqueue(KIND, message({ body: text(TEXT) }));

    const { state, attemptsMade, failedReason, stacktrace } = await system.ended(jobIds[0]);
    expect(state).toBe('failed');
    expect(attemptsMade).toBeGreaterThan(1);
    expect(failedReason).toBe('INTERNAL: Unexpected TypeError');
    expect(stacktrace.join('\n')).not.toContain('canary');
  });

  test('is logged with its place in the program, and without the text of the error', async () => {
    const system = await openSystem();
    const lines: string[] = [];
    await run(await open(system), withBug, lines);

    const { jobIds } = await system.openProducer().enqueue(KIND, message({ body: text(TEXT) }));
    await system.ended(jobIds[0]);

    expect(lines.join('\n')).toContain('app.test.ts');
    expect(lines.filter((line) => line.includes('canary'))).toEqual([]);
  });
});

describe('the result of a handler', () => {
  test('is kept in the queue', async () => {
    const system = await openSystem({ hasOwnHandlers: true });
    await run(await open(system), async ({ jobId, sequence, attempt }) => done({ jobId, sequence, attempt }));

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({
      result: { jobId: jobIds[0], sequence: 1, attempt: 1 },
    });
  });
});
