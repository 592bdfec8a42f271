import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { type Clock, systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import { type ChainKeys, NO_KEYS } from './chain-keys.ts';
import type { Intake, Taken } from './intake.ts';
import {
  type Appended,
  type AuditStore,
  type ChainPlace,
  requireBounded,
  type StoredRecord,
  type Verification,
} from './store.ts';
import type { Act, Answer, Call, Failure, ThreadOptions } from './thread-messages.ts';

/** An audit store that runs in a thread. */
export type ThreadedStore = AuditStore & Intake;

export interface ThreadedStoreOptions {
  readonly clock?: Clock;
  readonly keys?: ChainKeys;
  /** For tests: another entry point of the thread. */
  readonly entry?: URL;
}

/**
 * Calls in the thread at the same time; a page of a reading is one. Further calls wait in the main
 * thread.
 */
const CALLS_AT_ONCE = 4;

/** The file next to this one, in the source and in the build. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './store-thread.ts' : './store-thread.js',
  import.meta.url,
);

/**
 * Creates the store of `openAuditStore` in a thread, which its first use starts. When the thread
 * dies, its calls reject with AUDIT_STORE_UNAVAILABLE, and the next call starts another thread. An
 * idle thread does not keep the process alive.
 */
export function createThreadedStore(
  url: string,
  { clock = systemClock, keys = NO_KEYS, entry = ENTRY }: ThreadedStoreOptions = {},
): ThreadedStore {
  const limit = pLimit(CALLS_AT_ONCE);
  let thread: Thread | undefined;
  let isClosed = false;
  let readings = 0;

  const call = async <Result>(act: Act): Promise<Result> => {
    if (isClosed) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'the audit store is closed');
    return await limit(async () => {
      if (!thread || thread.isOver()) thread = startThread(entry, { url, keys });
      return (await thread.call(act, clock.now())) as Result;
    });
  };

  return {
    async append(records) {
      requireBounded(records);
      return await call<Appended>({ name: 'append', records });
    },
    take: (texts) => call<Taken>({ name: 'take', texts }),
    count: (filter) => call<number>({ name: 'count', filter }),
    verify: (tenantId) => call<Verification>({ name: 'verify', tenantId }),
    prune: (tenantId, olderThan) => call<number>({ name: 'prune', tenantId, olderThan }),
    placeOf: (tenantId, sequence) => call<ChainPlace | undefined>({ name: 'placeOf', tenantId, sequence }),
    tenants: () => call<string[]>({ name: 'tenants' }),

    async *read(selection): AsyncGenerator<StoredRecord> {
      const reading = ++readings;
      await call({ name: 'read', reading, selection });
      const begunIn = thread;
      try {
        for (;;) {
          if (thread !== begunIn || begunIn?.isOver()) throw lost('it ended while it was read');
          const page = await call<StoredRecord[]>({ name: 'page', reading });
          if (page.length === 0) return;
          yield* page;
        }
      } finally {
        if (thread === begunIn && !isClosed) await call({ name: 'leave', reading }).catch(() => {});
      }
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      await thread?.call({ name: 'close' }, clock.now()).catch(() => {});
      await thread?.end();
    },
  };
}

interface Thread {
  call(act: Act, nowMs: number): Promise<unknown>;
  isOver(): boolean;
  end(): Promise<void>;
}

function startThread(entry: URL, options: ThreadOptions): Thread {
  const worker = new Worker(entry, { workerData: options, name: 'audit-store' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  let isOver = false;

  const endWith = (error: CodedError) => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('failure' in answer) call?.reject(errorOf(answer.failure));
    else call?.resolve(answer.result);
  });
  worker.on('error', (error) => endWith(lost(error instanceof Error ? error.message : String(error))));
  worker.on('exit', (code) => endWith(lost(`it ended with exit code ${code}`)));

  return {
    call(act, nowMs) {
      const id = ++calls;
      const call = Promise.withResolvers<unknown>();
      waiting.set(id, call);
      worker.ref();
      worker.postMessage({ id, nowMs, act } satisfies Call);
      return call.promise;
    },
    isOver: () => isOver,
    async end() {
      await worker.terminate();
    },
  };
}

function errorOf({ code, message }: Failure): Error {
  return code === undefined ? new Error(message) : new CodedError(code, message);
}

function lost(reason: string): CodedError {
  return new CodedError('AUDIT_STORE_UNAVAILABLE', `the thread of the audit store is gone: ${reason}`);
}
