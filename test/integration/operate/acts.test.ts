import { describe, expect, test } from 'vitest';
import { ACTIONS, type Act, actRecordsOf } from '../../../src/audit/act-record.ts';
import { requireRecord } from '../../../src/audit/record.ts';
import type { Author } from '../../../src/operate/author.ts';
import { AUTHOR, type Case, casesOf, type Name } from './act-cases.ts';
import { setActStage } from './act-stage.ts';

const stage = setActStage();

/** Runs an act to its end. @returns its records. */
async function recordsOf(author: Author, name: Name, input: unknown): Promise<Act[]> {
  const before = stage.acts.length;
  const act = stage.operationsOf(author)[name] as (input: unknown) => unknown;
  const result = act(input);
  if (isSteps(result)) for await (const _step of result);
  else await result;
  return stage.acts.slice(before);
}

function isSteps(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

const ENTRIES = Object.entries(casesOf(stage)) as [Name, Case<Name>][];

describe.each(ENTRIES)('%s', (name, { input: inputOf, records, nothing, unknown }) => {
  test('leaves a record of who did what', async () => {
    const input = await inputOf();

    const found = await recordsOf(AUTHOR, name, input);

    const who = { by: 'k_0aB1cD2eF3g', keyName: 'crm' };
    expect(found).toEqual(records(input as never).map((record) => ({ ...who, ...record })));
    for (const act of found) {
      for (const record of actRecordsOf(act, MOMENT, 'id')) requireRecord(record);
    }
    expect(JSON.stringify(found)).not.toContain('SECRET-WORDS');
  });

  if (nothing !== undefined)
    test('says that there was nothing to do', async () => {
      const found = await recordsOf(AUTHOR, name, nothing);

      expect(found.at(-1)).toMatchObject({ by: 'k_0aB1cD2eF3g', status: 'nothing' });
    });

  if (unknown === undefined) return;
  test('leaves no record of an unknown id', async () => {
    expect(await recordsOf(AUTHOR, name, unknown)).toEqual([]);
  });

  const belongsToTenant = !name.endsWith('Key') && name !== 'rewrapValues' && name !== 'raisePartitions';
  if (belongsToTenant)
    test('does not find what another tenant has', async () => {
      const input = await inputOf();

      expect(await recordsOf({ ...AUTHOR, tenants: ['initech'] }, name, input)).toEqual([]);
    });
});

const MOMENT = Date.UTC(2026, 2, 1);

test('every action belongs to an operation', async () => {
  const named = new Set(stage.acts.map(({ action }) => action));

  expect([...ACTIONS].filter((action) => !named.has(action))).toEqual([]);
});

test('an act that the state of a job refuses says why', async () => {
  const { jobId } = await stage.callbacks.run();

  expect(await recordsOf(AUTHOR, 'retryJob', { jobId })).toMatchObject([
    { action: 'job.retried', status: 'refused', subject: jobId, details: { reason: 'not-failed' } },
  ]);
});

test('a receiver that refuses the event is a test that failed', async () => {
  stage.callbacks.receiver.usually({ status: 500 });
  const input = { tenantId: 'acme', url: stage.callbacks.receiver.url };

  expect(await recordsOf(AUTHOR, 'testReceiver', input)).toMatchObject([
    { action: 'endpoint.tested', status: 'failed', details: { outcome: 'refused', status: 500 } },
  ]);
});

test('a tenant that is none of ours is not named: its id may be a secret', async () => {
  const secret = 'gwm_live_SECRET';

  const found = await recordsOf(AUTHOR, 'retryJobs', { filter: { tenantId: secret } });

  expect(found.at(-1)).toMatchObject({ status: 'nothing', subject: null, tenants: 'all' });
  expect(JSON.stringify(found)).not.toContain(secret);
});

test('a dry run changes nothing, and leaves no record', async () => {
  await stage.waitingJob();

  expect(await recordsOf(AUTHOR, 'cancelJobs', { filter: { tenantId: 'held' }, dryRun: true })).toEqual([]);
});

test('an act on many jobs that its caller leaves says how far it got', async () => {
  await stage.waitingJob();
  const before = stage.acts.length;

  for await (const _step of stage.operationsOf(AUTHOR).cancelJobs({ filter: { tenantId: 'held' } })) break;

  expect(stage.acts.slice(before)).toMatchObject([
    { status: 'begun' },
    { status: 'failed', details: { error: 'stopped', count: expect.any(Number) } },
  ]);
});
