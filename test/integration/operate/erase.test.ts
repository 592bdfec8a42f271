import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

test('leaves nothing of a conversation in Redis, and all of the others', async () => {
  const receiver = await openReceiver();
  receiver.usually({ status: 500, body: 'no' });
  const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
  await startWorker(system);
  const producer = system.openProducer();
  const put = async (conversationId: string, guestId = 'guest-1') => {
    const body = text(`cnry of ${conversationId}`);
    const attachments = [
      {
        contentType: 'application/pdf',
        url: 'https://files.example/a.pdf',
        fileName: 'cnry-name.pdf',
        sizeBytes: 1,
      },
    ] as const;
    const { jobIds } = await producer.enqueue(
      KIND,
      message({ conversationId, guestId, body, attachments } as never) as never,
    );
    return jobIds[0] ?? '';
  };
  await system.ended(await put('conv-gone'));
  await system.ended(await put('conv-kept', 'guest-2'));
  await system.sandbox.inject({
    operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
  });
  expect(await system.ended(await put('conv-gone'))).toMatchObject({ state: 'failed' });
  await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 600_000, 'by hand');
  await put('conv-gone');
  await waitFor(async () => (await system.queues.of('webhook-delivery', 'acme').getFailedCount()) >= 3, {
    what: 'dead letters of callbacks',
  });

  const args = ['erase', '--tenant', 'acme', '--conversation', 'conv-gone', '--json'];
  const erased = await runCommand(args, { env: system.environment });

  expect(JSON.parse(erased.stdout)).toMatchObject({ jobs: 3, cancelled: 1 });
  await waitFor(
    async () => {
      await runCommand(args, { env: system.environment });
      return !(await inRedis(system)).some((part) => part.includes('conv-gone') && !isOnItsWay(part));
    },
    { what: 'nothing of the conversation in Redis' },
  );
  const kept = await inRedis(system);
  expect(kept.filter((part) => part.includes('cnry of conv-kept')).length).toBe(1);
  expect(kept.filter((part) => part.includes('cnry-name.pdf')).length).toBe(1);
  const records = await waitForRecords(system);
  expect(records).toContain('customer.erased');
  expect(records).not.toContain('guest-1');
});

test('lets a conversation go on that a dead letter halted, and takes its name out of Redis, with none of the others', async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', onFailure: 'halt' }] });
  await startWorker(system);
  const producer = system.openProducer();
  const put = async (conversationId: string, guestId: string) => {
    const { jobIds } = await producer.enqueue(KIND, message({ conversationId, guestId }));
    return jobIds[0] ?? '';
  };
  const lane = (conversationId: string) => `${system.keys.own('acme')}lane:acme:${conversationId}`;
  await system.ended(await put('conv-shared', 'guest-1'));
  await system.ended(await put('conv-shared', 'guest-2'));
  await system.sandbox.inject({
    operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
  });
  expect(await system.ended(await put('conv-halted', 'guest-1'))).toMatchObject({ state: 'failed' });
  await system.client.sadd(`${system.keys.own('acme')}merged:acme`, lane('conv-halted'));

  const args = ['erase', '--tenant', 'acme', '--guest', 'guest-1', '--json'];
  const erased = await runCommand(args, { env: system.environment });

  expect(JSON.parse(erased.stdout)).toMatchObject({ jobs: 2, left: 0 });
  const parts = (await inRedis(system)).filter((part) => !isOnItsWay(part));
  expect(parts.filter((part) => part.includes('conv-halted'))).toEqual([]);
  expect(await system.client.zcard(lane('conv-shared'))).toBe(1);
  expect(await system.ended(await put('conv-halted', 'guest-3'))).toMatchObject({ state: 'completed' });
});

test('names either a conversation or a guest', async () => {
  const system = await openSystem();

  const refused = await runCommand(['erase', '--tenant', 'acme'], { env: system.environment });

  expect(refused).toMatchObject({ code: 2, stderr: 'Give either --conversation or --guest.' });
});

/** Audit records have ids and no texts. */
function isOnItsWay(part: string): boolean {
  return part.includes(':audit ');
}

async function inRedis({ client, redis }: System): Promise<string[]> {
  const parts: string[] = [];
  for await (const { key, value } of contentUnder(client, redis.prefix))
    parts.push(`${key} ${JSON.stringify(value)}`);
  return parts;
}

async function waitForRecords({ environment }: System): Promise<string> {
  return await waitFor(
    async () => {
      const args = ['audit', 'export', '--tenant', 'acme'];
      const { stdout } = await runCommand(args, { env: environment });
      const acts = stdout
        .split('\n')
        .filter((line) => line.includes('customer.erased') && line.includes('"done"'));
      return acts.length > 0 ? acts.join('\n') : undefined;
    },
    { what: 'the audit record of the act' },
  );
}
