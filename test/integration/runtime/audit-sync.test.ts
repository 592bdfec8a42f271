import { describe, expect, test } from 'vitest';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import type { StoredRecord } from '../../../src/audit/store.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { organizations, setRolloutStage } from './rollout-stage.ts';

const stage = setRolloutStage();
const KIND = 'audit-sync';
const ACTION = 'webchat:configuration:update';
const NOW = Date.now();
const SINCE = { from: at(-3600), to: at(60) };

describe('an audit sync', () => {
  test('copies every page of every organization into the store', async () => {
    await note(60, 'org-1');
    await note(7, 'org-2');

    const { state, result } = await sync({ organizationIds: organizations(3) });

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: { organizations: 3, read: 67, added: 67, known: 0, outOfRange: 0, gaps: [], failed: 0 },
    });
    const stored = (await storedRecords()).filter(({ source }) => source === 'genesys');
    expect(stored).toHaveLength(67);
    expect(stored[0]).toMatchObject({ source: 'genesys', action: ACTION, details: { version: 1 } });
    // 60 records are three pages of 25; 7 records and no record are one page each.
    expect(await stage.system.sandbox.requests('audit.query')).toHaveLength(5);
  });

  test('reads the overlap again, and stores no record twice', async () => {
    await note(30, 'org-1');
    await sync({ organizationIds: ['org-1'] });

    const { result } = await sync({ organizationIds: ['org-1'] });

    expect(result).toMatchObject({ read: 30, added: 0, known: 30 });
    const stored = (await storedRecords()).filter(({ source }) => source === 'genesys');
    expect(stored).toHaveLength(30);
  });

  test('continues at the end of the last sync, less the overlap', async () => {
    await note(3, 'org-1');
    await sync({ organizationIds: ['org-1'], from: undefined, to: at(-10) });
    const before = (await queries()).length;

    await sync({ organizationIds: ['org-1'], from: undefined, to: undefined });

    const [query] = (await queries()).slice(before);
    expect(query?.query.timeRange.start).toBe(at(-10 - 600));
  });

  test('stores late records within the overlap', async () => {
    await sync({ organizationIds: ['org-1'], from: undefined, to: undefined });
    await note(1, 'org-1', -60);

    const { result } = await sync({ organizationIds: ['org-1'], from: undefined, to: undefined });

    expect(result).toMatchObject({ added: 1 });
  });

  test('reports a gap after the last sync, which a later sync can close', async () => {
    await sync({ organizationIds: ['org-1'], from: undefined, to: at(-3000) });

    const { result } = await sync({ organizationIds: ['org-1'], from: at(-1000), to: at(0) });
    const closing = await sync({ organizationIds: ['org-1'], from: undefined, to: at(0) });

    expect(result).toMatchObject({ gaps: [{ organizationId: 'org-1', from: at(-3000), to: at(-1000) }] });
    expect(closing.result).toMatchObject({ gaps: [] });
    expect((await queries()).at(-1)?.query.timeRange.start).toBe(at(-3000 - 600));
  });

  test('reports and leaves out records that are out of range, unreadable or missing', async () => {
    const records = [
      record('org-1', -10, 'good'),
      record('org-9', -5, 'of another organization'),
      { ...record('org-1', -5, 'of another action'), action: 'user:update' },
      record('org-1', -7200, 'of another time'),
      { id: 'without anything else' },
    ];
    const api = await openReceiver();
    const body = JSON.stringify({ records, page: 1, pageSize: 25, pageCount: 1, total: 6 });
    api.usually({ status: 200, body });
    const system = await openSystem({ tenants: [{ id: 'acme', api: api.url }] });
    await startWorker(system);

    const data = { ...SINCE, tenantId: 'acme', organizationIds: ['org-1'] };
    const { jobIds } = await system.openProducer().enqueue(KIND, data);

    expect(await system.ended(jobIds[0], { kind: KIND })).toMatchObject({
      result: {
        read: 5,
        added: 1,
        outOfRange: 3,
        unreadable: 1,
        gaps: [{ organizationId: 'org-1', from: SINCE.from, to: SINCE.to }],
      },
    });
  });

  test('into the future does not count the future as read', async () => {
    await sync({ organizationIds: ['org-1'], from: undefined, to: at(3600 * 24) });
    await note(1, 'org-1', 1);

    const { result } = await sync({ organizationIds: ['org-1'], from: undefined, to: at(60) });

    expect(result).toMatchObject({ added: 1, gaps: [] });
  });

  test('asks again on a retry after a refusal', async () => {
    await note(2, 'org-1');
    const errors = [{ status: 400, rate: 1, times: 1 }];
    await stage.system.sandbox.inject({ operations: { 'audit.query': { errors } } });
    const { jobId, state } = await sync({ organizationIds: ['org-1'] });
    expect(state).toBe('failed');

    expect(await stage.system.jobs.retry(KIND, jobId)).toBe('retried');

    const result = async () => (await stage.system.jobs.get(KIND, jobId))?.result;
    await expect.poll(result).toMatchObject({ read: 2, added: 2 });
  });

  test('of many organizations reads all of them, a few at a time', async () => {
    await note(1, 'org-3');
    await note(1, 'org-60');

    const { result } = await sync({ organizationIds: organizations(60) });

    expect(result).toMatchObject({ organizations: 60, read: 2, added: 2 });
  });

  test('reads the other organizations if one is refused', async () => {
    await note(2, 'org-1');
    const errors = [{ status: 400, rate: 1, times: 1 }];
    await stage.system.sandbox.inject({ operations: { 'audit.query': { errors } } });

    const { result } = await sync({ organizationIds: organizations(2) });

    expect(result).toMatchObject({
      failed: 1,
      failures: [{ error: { code: 'CONTENT_REFUSED' } }],
    });
  });

  test('continues after an interruption behind the last stored page', async () => {
    await note(60, 'org-1');
    const errors = [{ status: 503, rate: 0.5 }];
    await stage.system.sandbox.inject({ seed: 7, operations: { 'audit.query': { errors } } });

    const { result } = await sync({ organizationIds: ['org-1'] });

    expect(result).toMatchObject({ read: 60, added: 60, known: 0 });
    const accepted = (await stage.system.sandbox.requests('audit.query')).filter(
      ({ status }) => status === 200,
    );
    expect(accepted).toHaveLength(3);
  });
});

describe('our own audit records', () => {
  test('have the outcome of a job, and no text for a guest', async () => {
    const producer = stage.system.openProducer();
    const text = 'the number of my card';
    const { jobIds } = await producer.enqueue('message-transmission', {
      tenantId: stage.tenantId,
      guestId: 'guest-1',
      conversationId: 'conv-1',
      body: { contentType: 'text/plain', content: text },
    });

    const [own] = await waitFor(async () => (await storedRecords()).length > 0 && storedRecords(), {
      what: 'the record',
    });

    expect(own).toMatchObject({
      source: 'own',
      action: 'message-transmission.delivered',
      status: 'delivered',
      details: {
        jobId: jobIds[0],
        conversationId: 'conv-1',
        guestId: 'guest-1',
        payloadBytes: expect.any(Number),
        latencyMs: expect.any(Number),
        attempts: 1,
      },
    });
    expect(JSON.stringify(own)).not.toContain(text);
  });
});

async function sync(fields: object) {
  return await stage.run({ ...SINCE, ...fields }, KIND);
}

/** Records of changes, one second apart. The newest is a few seconds old. */
async function note(count: number, organizationId: string, newestSeconds = -1): Promise<void> {
  for (let index = 0; index < count; index++) {
    const seconds = newestSeconds - (count - 1 - index);
    await stage.system.sandbox.addAuditRecord(
      stage.tenantId,
      record(organizationId, seconds, String(index)) as never,
    );
  }
}

function record(organizationId: string, seconds: number, name: string) {
  return {
    id: `record-${organizationId}-${name}`,
    timestamp: at(seconds),
    action: ACTION,
    organizationId,
    entityType: 'webchatConfiguration',
    entityId: organizationId,
    clientId: 'somebody',
    version: 1,
    status: 'success',
  };
}

/** Seconds from the start of the tests. */
function at(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

async function queries() {
  const requests = await stage.system.sandbox.requests('audit.query');
  return requests.map(({ body }) => body as { query: { timeRange: { start: string; end: string } } });
}

async function storedRecords(): Promise<StoredRecord[]> {
  const store = await openAuditStore(stage.system.config.auditDatabaseUrl);
  try {
    const records: StoredRecord[] = [];
    for await (const record of store.read({ tenantId: stage.tenantId })) records.push(record);
    return records;
  } finally {
    await store.close();
  }
}
