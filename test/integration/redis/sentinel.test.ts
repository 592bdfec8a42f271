import { expect, test } from 'vitest';
import { openRedis } from '../../../src/redis/connect.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openTestSentinel } from '../../support/sentinel.ts';
import { message, openSystem, PATIENT, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const CONVERSATIONS = 20;

test('a Sentinel fail-over under load loses no job, and sends none twice', async () => {
  const sentinel = await openTestSentinel();
  const system = await openSystem({
    redis: { url: sentinel.url, prefix: 'own' },
    tenants: [{ id: 'acme', limit: { capacity: 1000, ratePerSecond: 1000 } }],
    environment: { ...PATIENT, JOB_RETRY_FOR: '10m', REDIS_SENTINEL_PASSWORD: sentinel.password },
  });
  await system.sandbox.inject({ operations: { 'message.send': { latencyMs: 500 } } });
  await startWorker(system);
  const { stdout } = await runCommand(['doctor', '--json'], { env: system.environment });
  expect(stdout).toContain('the master that the sentinels name');
  expect(stdout).toContain('{"about":"redis","check":"replicas","state":"ok","found":"1"}');
  const producer = system.openProducer();
  await producer.enqueueMany(KIND, messages(0, 80));

  await sentinel.killMaster();
  await waitFor(async () => (await producer.enqueueMany(KIND, messages(80, 160))).accepted === 80, {
    what: 'a producer that has found the new master',
  });

  await waitFor(() => system.sandbox.stats().accepted >= 160, { what: '160 messages' });
  expect(system.sandbox.stats()).toMatchObject({ accepted: 160, outOfOrder: 0, duplicates: 0 });
  await expect(
    openRedis({ url: `${sentinel.url}r`, role: 'caller', sentinel: { password: sentinel.password } }),
  ).rejects.toThrow(`Redis at ${sentinel.url.replace('/0', '')}r has no sentinel that names a master`);
  await expect(
    openRedis({ url: sentinel.url, role: 'caller', sentinel: { password: 'wrong' } }),
  ).rejects.toThrow(/has no sentinel that names a master .*WRONGPASS/);
});

function messages(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    const conversationId = `conversation-${n % CONVERSATIONS}`;
    return message({ conversationId, body: text(`message ${n}`), idempotencyKey: `message-${n}` });
  });
}
