import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { openReceiver } from '../../support/receiver.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

test('seals every value again while a worker runs, so that the old key can go', async () => {
  const files = await keyFiles('old', 'new');
  const receiver = await openReceiver();
  receiver.usually({ status: 500, body: 'no' });
  const system = await openSystem({
    environment: { PAYLOAD_KEYS: payloadKeysOf(files, 'old') },
    tenants: [{ id: 'acme', callback: { url: receiver.url } }],
  });
  const first = await startWorker(system);
  const producer = system.openProducer();
  const delivered = await producer.enqueue(KIND, message());
  await system.ended(delivered.jobIds[0]);
  await waitFor(async () => (await system.queues.of('webhook-delivery', 'acme').getFailedCount()) > 0, {
    what: 'the dead letter of a callback',
  });
  await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 600_000, 'by hand');
  const waiting = await producer.enqueue(KIND, message());
  first.kill('SIGTERM');
  await first.exit;
  expect(await sealedWith(system, 'old')).toBeGreaterThan(6);

  const both = { ...system.environment, PAYLOAD_KEYS: payloadKeysOf(files, 'new', 'old') };
  await startWorker(system, both);
  await waitFor(async () => (await system.client.xlen(`${system.redis.prefix}:{0}:audit`)) === 0, {
    what: 'an empty audit stream',
  });
  const rewrapped = await runCommand(['keys', 'rewrap', '--json'], { env: both });
  expect(rewrapped).toMatchObject({ code: 0, stdout: expect.stringContaining('"left":{}') });
  await waitFor(async () => (await sealedWith(system, 'old')) === 0, { what: 'no value of the old key' });

  const env = { ...system.environment, PAYLOAD_KEYS: payloadKeysOf(files, 'new') };
  const shown = await runCommand(['jobs', 'get', KIND, delivered.jobIds[0] ?? ''], { env });
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('messageId') });
  const resumed = await runCommand(['resume', 'acme'], { env });
  expect(resumed.code).toBe(0);
  const queue = system.queues.of(KIND, 'acme');
  await waitFor(async () => (await queue.getJobState(waiting.jobIds[0] ?? '')) === 'completed', {
    what: 'the delivery of the message that waited',
  });
  const withOldAlone = await runCommand(['jobs', 'list', '--tenant', 'acme'], { env: system.environment });
  expect(withOldAlone).toMatchObject({ stderr: expect.stringContaining('PAYLOAD_KEYS lacks the key new') });
  const without = await runCommand(['jobs', 'list', '--tenant', 'acme'], {
    env: { ...system.environment, PAYLOAD_KEYS: '' },
  });
  expect(without).toMatchObject({ stderr: expect.stringContaining('PAYLOAD_KEYS is not set') });
});

async function sealedWith({ client, redis }: System, id: string): Promise<number> {
  let count = 0;
  for await (const { value } of contentUnder(client, redis.prefix)) {
    count += JSON.stringify(value ?? '').split(`gwm1:${id}:`).length - 1;
  }
  return count;
}
