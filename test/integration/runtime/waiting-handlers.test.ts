import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { type Outcome, snooze } from '../../../src/core/outcome.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { message, openSystem } from '../../support/system.ts';
import { KIND, open, run } from './in-process.ts';

const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;
const LATER_MS = 600_000;

/** Reports one failure of the bucket, then runs one job with a handler that waits. */
async function statusAfter(waits: (takeToken: () => Promise<void>) => Promise<Outcome>) {
  const system = await openSystem({ environment: { JOB_RETRY_FOR: '1h' } });
  const app = await open(system);
  const seen: string[] = [];
  const handler: Handler<{ readonly conversationId: string }> = async ({ data, requests }) => {
    seen.push(data.conversationId);
    if (data.conversationId === 'fails') {
      throw new CodedError('GENESYS_UNREACHABLE', 'no answer', { retryAfterMs: LATER_MS });
    }
    return await waits(requests.token);
  };
  await run(app, handler as Handler<never>);
  const status = () => system.flow.status(BUCKET);
  await system.openProducer().enqueue(KIND, message({ conversationId: 'fails' }));
  await expect.poll(async () => (await status())?.failures).toBe(1);
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ conversationId: 'waits' }));
  await expect.poll(() => seen).toContain('waits');
  await expect.poll(() => system.queues.of(KIND, 'acme').getJobState(jobIds[0] ?? '')).toBe('delayed');
  return await status();
}

describe('a handler that reschedules its job', () => {
  test('says nothing about the bucket before its first request', async () => {
    expect(await statusAfter(async () => snooze(LATER_MS, 'busy'))).toMatchObject({ failures: 1 });
  });

  test('says that Genesys Cloud is there after a request', async () => {
    const status = await statusAfter(async (takeToken) => {
      await takeToken();
      return snooze(LATER_MS, 'polling');
    });
    expect(status).toMatchObject({ failures: 0 });
  });

  test('because of a failure counts as one', async () => {
    const status = await statusAfter(async (takeToken) => {
      await takeToken();
      return snooze(LATER_MS, 'lost', new CodedError('GENESYS_UNREACHABLE', 'no echo'));
    });
    expect(status).toMatchObject({ failures: 2 });
  });

  test('because of a 429 has paused what is too fast, and the bucket goes on', async () => {
    const status = await statusAfter(async (takeToken) => {
      await takeToken();
      return snooze(LATER_MS, 'paused', new CodedError('RATE_LIMITED', '429', { retryAfterMs: LATER_MS }));
    });
    expect(status).toMatchObject({ failures: 0, pausedForMs: 0 });
  });
});
