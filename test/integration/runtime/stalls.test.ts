import { describe, expect, test } from 'vitest';
import { createLogger } from '../../../src/observe/logger.ts';
import { startHeartbeat } from '../../../src/runtime/heartbeat.ts';
import { createStalls } from '../../../src/runtime/stalls.ts';
import { workerState } from '../../../src/runtime/worker-states.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem } from '../../support/system.ts';

const KIND = 'message-transmission';
const LOCK_MS = 60_000;

describe('the worker of a job whose lock has run out is noted', () => {
  test.for([
    { look: 'is due', restMs: 0, isNoted: true },
    { look: 'becomes due before the script of BullMQ', restMs: 900, isNoted: true },
    { look: 'is far away', restMs: LOCK_MS, isNoted: false },
  ])('when the next look $look: $isNoted', async ({ restMs, isNoted }) => {
    const { client, keys, queues } = await openSystem();
    const heartbeat = await startHeartbeat({
      client,
      keys,
      name: 'observer',
      lockDurationMs: LOCK_MS,
      state: () => workerState({ queues: [], inHand: 0, startedAtMs: 0 }),
      onDeath: async () => {},
    });
    onEnd(() => heartbeat.stop());
    const logger = createLogger('silent');
    const stalls = createStalls({ client, keys, kind: KIND, partition: 0, heartbeat, logger });
    const queue = queues.of(KIND, 'acme');
    const { id = '' } = await queue.add(KIND, message());
    // As BullMQ leaves a running job after its first look.
    await client.hset(queue.toKey(id), { pb: 'victim', ats: '1' });
    await client.sadd(queue.toKey('stalled'), id);
    if (restMs > 0) await client.set(queue.toKey('stalled-check'), '1', 'PX', restMs);

    expect(await stalls.note()).toEqual(isNoted ? [{ jobId: id, holder: 'victim' }] : []);
  });
});
