/**
 * The thread that runs the audit store of a worker. SQLite blocks the thread that calls it, and to
 * parse, check and hash records takes time too. The main thread sends messages meanwhile. This file
 * is an entry point; see threaded-store.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CodedError, messageOf } from '../core/errors.ts';
import { deferAuditStore } from './defer-store.ts';
import { createIntake } from './intake.ts';
import { openAuditStore } from './open-store.ts';
import type { StoredRecord } from './store.ts';
import type { Act, Answer, Call, Failure, ThreadOptions } from './thread-messages.ts';

/** Records per message to the main thread. */
const PAGE = 500;

const { url, keys } = workerData as ThreadOptions;
let nowMs = Date.now();
const store = deferAuditStore(() => openAuditStore(url, { keys, clock: { now: () => nowMs } }));
const intake = createIntake(store);
const readings = new Map<number, AsyncIterator<StoredRecord>>();

parentPort?.on('message', async (call: Call) => {
  nowMs = call.nowMs;
  const answer: Answer = await perform(call.act).then(
    (result) => ({ id: call.id, result }),
    (error: unknown) => ({ id: call.id, failure: failureOf(error) }),
  );
  parentPort?.postMessage(answer);
  if (call.act.name === 'close') parentPort?.close();
});

async function perform(act: Act): Promise<unknown> {
  switch (act.name) {
    case 'append':
      return await store.append(act.records);
    case 'take':
      return await intake.take(act.texts);
    case 'count':
      return await store.count(act.filter);
    case 'verify':
      return await store.verify(act.tenantId);
    case 'prune':
      return await store.prune(act.tenantId, act.olderThan);
    case 'placeOf':
      return await store.placeOf(act.tenantId, act.sequence);
    case 'tenants':
      return await store.tenants();
    case 'read':
      readings.set(act.reading, store.read(act.selection)[Symbol.asyncIterator]());
      return undefined;
    case 'page':
      return await nextPage(act.reading);
    case 'leave':
      return await leave(act.reading);
    case 'close':
      for (const reading of readings.keys()) await leave(reading);
      return await store.close();
  }
}

async function nextPage(reading: number): Promise<StoredRecord[]> {
  const records = readings.get(reading);
  const page: StoredRecord[] = [];
  while (records && page.length < PAGE) {
    const { done, value } = await records.next();
    if (done) break;
    page.push(value);
  }
  return page;
}

async function leave(reading: number): Promise<void> {
  const records = readings.get(reading);
  readings.delete(reading);
  await records?.return?.();
}

function failureOf(error: unknown): Failure {
  return { code: error instanceof CodedError ? error.code : undefined, message: messageOf(error) };
}
