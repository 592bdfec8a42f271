import { appRoutes } from '@bull-board/api/dist/routes.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { JOB_KINDS, type JobKind } from '../../../src/jobs/catalog.ts';
import { card } from '../../support/guides/card.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { metricsUrlOf, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { callerOf } from '../http/calls.ts';
import { openServer } from '../http/stage.ts';

/** Words that stand for what a customer writes. No other text has them. */
const TEXTS = [
  'cnryBody',
  'cnryFileName',
  'cnryTitle',
  'cnryDescription',
  'cnryLabel',
  'cnryAction',
  'cnryField',
  'cnryValue',
  'cnryGreeting',
  'cnryFlag',
  'cnrySegment',
  'cnryWelcome',
  'cnryAttribute',
  'cnryAnswer',
  'cnryRefused',
] as const;

/** Parts of addresses behind the host. */
const ADDRESSES = ['cnryAttachment', 'cnryCallback', 'cnryQuery', 'cnryCms', 'cnryIcon'] as const;

/** Names that a customer chose, by which operators and receivers find a job. */
const NAMES = [
  'cnryGuest',
  'cnryConversation',
  'cnryKey',
  'cnryTemplate',
  'cnryDeployment',
  'cnryWidget',
  'cnryState',
] as const;

let system: System;
let worker: TestProcess;
let receiver: Receiver;
const jobs: (readonly [kind: JobKind, jobId: string])[] = [];

beforeAll(async () => {
  const files = await keyFiles('k1');
  receiver = await openReceiver();
  receiver.usually({ status: 500, body: 'cnryAnswer' });
  system = await openSystem({ environment: { PAYLOAD_KEYS: payloadKeysOf(files, 'k1'), METRICS_PORT: '0' } });
  worker = await startWorker(system, { LOG_LEVEL: 'trace' });
  await goThroughEverything();
});

/** Each kind with a word in every text; a delivery, a refusal, a job that waits, and a broken contract. */
async function goThroughEverything(): Promise<void> {
  const producer = system.openProducer();
  const callback = { url: `${receiver.url}/cnryCallback?token=cnryQuery` };
  const shared = {
    callback,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    tracestate: 'v=cnryState',
  };
  const said = message({
    ...shared,
    guestId: 'cnryGuest',
    conversationId: 'cnryConversation',
    body: text('cnryBody'),
    attachments: [
      {
        contentType: 'application/pdf',
        url: 'https://files.example/cnryAttachment.pdf',
        fileName: 'cnryFileName.pdf',
        sizeBytes: 10,
      },
    ],
  });
  const put = async (kind: JobKind, data: object) => {
    const { jobIds } = await producer.enqueue(kind, data as never);
    const [jobId = ''] = jobIds;
    jobs.push([kind, jobId]);
    return { kind, jobId };
  };
  const ends = [
    await put('message-transmission', { ...said, idempotencyKey: 'cnryKey' }),
    await put(
      'card-delivery',
      card({
        ...shared,
        conversationId: 'cnryConversation',
        template: { id: 'cnryTemplate' },
        fields: {
          title: 'cnryTitle',
          description: 'cnryDescription',
          actions: [{ label: 'cnryLabel', type: 'postback', value: 'cnryAction' }],
          cnryField: 'cnryValue',
        } as never,
      }),
    ),
    await put(
      'config-rollout',
      configurationRollout({
        ...shared,
        configuration: configurationOf({
          greetings: ['cnryGreeting'],
          featureFlags: { cnryFlag: true },
          audienceSegments: ['cnrySegment'],
        }),
      }),
    ),
    await put('config-rollout', {
      ...deploymentRollout({ name: 'cnryDeployment' }),
      ...shared,
    }),
    await put('embed-generation', {
      ...shared,
      tenantId: 'acme',
      widgetId: 'cnryWidget',
      locales: { 'en-US': 'en' },
      customAttributes: { cnryAttribute: 'cnryValue' },
      cms: { url: `${receiver.url}/cnryCms` },
    }),
  ];
  for (const { kind, jobId } of ends) await system.ended(jobId, { kind });
  const quoting = {
    message: 'cnryRefused',
    details: [{ fieldName: 'body.content', message: 'cnryRefused' }],
  };
  await system.sandbox.inject({
    operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1, body: quoting }] } },
  });
  const refused = await put('message-transmission', said);
  await system.ended(refused.jobId);
  await system.sandbox.inject({
    operations: { 'message.send': { errors: [{ status: 503, rate: 1, times: 1000, body: quoting }] } },
  });
  const retried = await put('message-transmission', said);
  await put('message-transmission', { ...said, idempotencyKey: 'cnryKey' });
  await system.ended(retried.jobId);
  // Its callbacks fail, and have a log of attempts.
  await waitFor(async () => (await deadCallbacks()) >= 3, { what: 'dead letters of callbacks' });
  await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 600_000, 'by hand');
  await put('message-transmission', said);
}

function deadCallbacks(): Promise<number> {
  return system.queues.of('webhook-delivery', 'acme').getFailedCount();
}

async function inRedis(): Promise<string[]> {
  const parts: string[] = [];
  for await (const { key, value } of contentUnder(system.client, system.redis.prefix)) {
    parts.push(`${key} ${JSON.stringify(value)}`);
  }
  return parts;
}

function holding(parts: readonly string[], words: readonly string[]): string[] {
  return parts.flatMap((part) =>
    words.filter((word) => part.includes(word)).map((word) => `${word} in ${part}`),
  );
}

describe('with PAYLOAD_KEYS, what a customer wrote', () => {
  test('is in no key and no value of Redis', async () => {
    const kept = await inRedis();

    expect(kept.length).toBeGreaterThan(30);
    expect(kept.filter((part) => part.includes('gwm1:k1:acme:')).length).toBeGreaterThan(10);
    expect(holding(kept, [...TEXTS, ...ADDRESSES, ...NAMES])).toEqual([]);
  });

  test('is in no line of the log', () => {
    const lines = [...worker.stdout, ...worker.stderr];

    expect(lines.some((line) => line.includes('CONTENT_REFUSED'))).toBe(true);
    expect(holding(lines, [...TEXTS, ...ADDRESSES, ...NAMES])).toEqual([]);
  });

  test('is in no answer of the metrics, the board, the API and the commands, but for names and hosts', async () => {
    const { url, keys } = await openServer(system);
    const call = callerOf(url, await keys.make());
    const said: string[] = [];
    for (const [kind, jobId] of jobs) {
      for (const { route } of appRoutes.api.filter(({ method }) => method === 'get')) {
        const path = String([route].flat()[0]).replace(':queueName', kind).replace(':jobId', jobId);
        said.push(await (await fetch(`${url}/board${path}`)).text());
      }
      said.push(JSON.stringify((await call(`/v1/jobs/${jobId}`)).body));
      said.push((await runCommand(['jobs', 'get', kind, jobId], { env: system.environment })).stdout);
    }
    for (const kind of JOB_KINDS) {
      said.push(
        await (
          await fetch(`${url}/board/api/queues?activeQueue=${kind}&status=latest&page=1&jobsPerPage=50`)
        ).text(),
      );
    }
    said.push(JSON.stringify((await call('/v1/jobs?tenant=acme')).body));
    said.push((await runCommand(['jobs', 'list', '--tenant', 'acme'], { env: system.environment })).stdout);
    said.push((await runCommand(['status'], { env: system.environment })).stdout);
    said.push(await (await fetch(await metricsUrlOf(worker))).text());

    expect(said.some((part) => part.includes('# TYPE gwm_'))).toBe(true);
    expect(said.some((part) => part.includes('CONTENT_REFUSED'))).toBe(true);
    expect(said.some((part) => part.includes('gwm1:'))).toBe(false);
    expect(holding(said, [...TEXTS, ...ADDRESSES])).toEqual([]);
  });
});

test('a job that was sealed with a key that the worker lacks waits for a worker that has it', async () => {
  const files = await keyFiles('old', 'new');
  const own = await openSystem({ environment: { PAYLOAD_KEYS: payloadKeysOf(files, 'old') } });
  const lacking = await startWorker(own);
  const payloadKeys = payloadKeysOf(files, 'new', 'old');
  const { jobIds } = await own.openProducer({ payloadKeys }).enqueue('message-transmission', message());
  const [jobId = ''] = jobIds;
  const queue = own.queues.of('message-transmission', 'acme');

  expect(await lacking.line(/payload-key/)).toContain(jobId);
  expect(own.sandbox.stats()).toMatchObject({ accepted: 0 });
  await startWorker(own, { PAYLOAD_KEYS: payloadKeys });
  lacking.kill('SIGTERM');
  await lacking.exit;
  await waitFor(async () => (await queue.getJobState(jobId)) === 'completed', { what: 'the delivery' });
  const completed = await own.client.hmget(queue.toKey(jobId), 'atm', 'stc');
  expect(completed).toEqual(['1', null]);
  expect(own.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
});
