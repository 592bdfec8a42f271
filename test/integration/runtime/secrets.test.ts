import { expect, test } from 'vitest';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { open } from '../../../src/seal/by-secret.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';

const KIND = 'message-transmission';
const TEXT = 'canary: my card number is 1234';

test('no log line has a text, secret or token, nor has Redis outside of job data', async () => {
  const receiver = await openReceiver();
  receiver.answerWith({ status: 500 });
  const callback = { url: receiver.url };
  const system = await openSystem({ tenants: [{ id: 'acme', callback }] });
  const worker = await startWorker(system, { LOG_LEVEL: 'trace' });

  await goThroughEverything(system);
  await system.ended(await enqueue(system));
  const token = await tokenOf(system);
  worker.kill('SIGTERM');
  await worker.exit;

  const canaries = ['canary', 'card number', system.secretOf('acme'), system.webhookSecret, token];
  const log = [...worker.stdout, ...worker.stderr].join('\n');
  expect(log).toContain('CONTENT_REFUSED');
  expect(log).toContain('JOB_INVALID');
  expect(log).toContain('GENESYS_UNAVAILABLE');
  expect(log).toContain('CREDENTIALS_REFUSED');
  for (const canary of canaries) expect(linesWith(canary, log)).toEqual([]);

  const kept = await everythingInRedis(system.client, system.redis.prefix);
  expect(kept).toContain('CONTENT_REFUSED');
  expect(kept).toContain('webhook-delivery');
  for (const canary of canaries) expect(linesWith(canary, kept)).toEqual([]);
});

function linesWith(canary: string, lines: string): string[] {
  return lines.split('\n').filter((line) => line.includes(canary));
}

/** Messages with each possible outcome. */
async function goThroughEverything(system: System): Promise<void> {
  const quoting = {
    message: TEXT,
    code: 'bad.request',
    details: [{ fieldName: 'body.content', message: TEXT }],
  };
  for (const error of [
    { status: 400, body: quoting },
    { status: 403, body: quoting },
    { status: 503, body: TEXT, times: 100 },
    { status: 409, body: [TEXT] },
  ]) {
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ times: 1, ...error, rate: 1 }] } },
    });
    await system.ended(await enqueue(system));
    await resume(system);
  }
  await system.sandbox.inject({});
  await system.expire(KIND, message({ body: text(TEXT) }));
  const blocked = { tenantId: 'acme', payload: message({ body: text(`<script>${TEXT}`) }) };
  for (const data of [blocked, TEXT, [TEXT], { extra: TEXT, tenantId: TEXT }]) {
    const job = await system.queues.of(KIND, 'acme').add(KIND, data);
    await system.ended(job.id);
  }
  // The last message, because two refused tokens in a row pause the tenant. The test ends the
  // suspension early.
  await system.sandbox.inject({
    operations: { 'message.send': { errors: [{ status: 401, rate: 1, times: 2, body: quoting }] } },
  });
  const suspended = await enqueue(system);
  await expect
    .poll(() => system.client.hget(`${system.keys.own('acme')}bucket:acme:messages`, 'refusals'))
    .toBe('1');
  await resume(system);
  await system.ended(suspended);
}

async function resume({ queues, flow }: System): Promise<void> {
  await queues.wake(await flow.resume({ tenantId: 'acme', bucketClass: 'messages' }));
}

async function enqueue(system: System, fields: object = {}): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ body: text(TEXT), ...fields }));
  return jobIds[0] ?? '';
}

/** The access token that the worker uses now. */
async function tokenOf({ client, keys, secretOf, sandbox }: System): Promise<string> {
  const sealed = await client.get(keys.token('acme'));
  const context = JSON.stringify(['acme', 'client-4711', sandbox.url]);
  const { value } = JSON.parse(open(sealed ?? '', secretOf('acme'), context) ?? '{}') as { value?: string };
  if (!value) throw new Error('The token in Redis cannot be opened');
  return value;
}

/** All keys with their values, without the field that holds the data of a message job. */
async function everythingInRedis(client: RedisClient, prefix: string): Promise<string> {
  const parts: string[] = [];
  for await (const { key, value } of contentUnder(client, prefix)) {
    const isJob = key.includes(`:${KIND}:`) && Object.hasOwn(Object(value), 'data');
    parts.push(key, JSON.stringify(isJob ? { ...Object(value), data: undefined } : value));
  }
  return parts.join('\n');
}
