import { beforeAll, expect } from 'vitest';
import { type ApiKeys, createApiKeys } from '../../../src/access/api-keys.ts';
import type { Act } from '../../../src/audit/act-record.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import type { Author } from '../../../src/operate/author.ts';
import {
  createServerOperations,
  type OperationsBy,
  type ServerOperations,
} from '../../../src/operate/operations.ts';
import { openCore } from '../../../src/queues/core.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { processName } from '../../../src/runtime/heartbeat.ts';
import { openReloads } from '../../../src/runtime/reloads.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message } from '../../support/system.ts';
import { type CallbackStage, setCallbackStage } from '../webhooks/stage.ts';

export const KIND = 'message-transmission';

/** All operations of `gwm serve` on a running system, and what they can act on. */
export interface ActStage {
  readonly callbacks: CallbackStage;
  /** The acts that were noted, of all tests. */
  readonly acts: readonly Act[];
  operationsOf(author: Author): ServerOperations;
  /** A job that no worker may send yet. @returns its id. */
  waitingJob(): Promise<string>;
  /** @returns the id of a dead letter. */
  deadLetter(): Promise<string>;
  /** @returns the id of the callback of a delivered message. */
  deliveredCallback(): Promise<string>;
  /** @returns the id of a callback that its receiver refused. */
  missedCallback(): Promise<string>;
  /** The id of the receiver. */
  endpointId(): string;
  /** @returns the id of an API key. */
  apiKey(): Promise<string>;
}

/** Prepares the stage for a test file. The jobs of `held` wait: nothing of it is sent. `empty` has no jobs. */
export function setActStage(): ActStage {
  const callbacks = setCallbackStage({
    tenants: [{ id: 'acme', callback: {} }, 'held', 'empty'],
    environment: { WEBHOOK_SCHEDULE: '10ms' },
  });
  const acts: Act[] = [];
  let all: OperationsBy<ServerOperations>;
  let apiKeys: ApiKeys;

  beforeAll(async () => {
    const { config, environment, flow, client: own } = callbacks.system;
    await flow.pause({ tenantId: 'held', bucketClass: 'messages' }, 3_600_000, 'by hand');
    const client = await openRedis({ url: config.redisUrl, role: 'caller' });
    const core = openCore({ client, config, onError: () => {} });
    onEnd(() => core.close());
    apiKeys = createApiKeys({ client: own, keys: core.keys, clock: systemClock });
    const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
    const note = async (act: Act) => void acts.push(act);
    const reloads = await openReloads({
      ...core,
      tenants,
      clock: systemClock,
      logger: createLogger('silent'),
      environment: () => environment,
      name: processName(),
      command: 'serve',
    });
    onEnd(() => reloads.stop());
    all = createServerOperations({ core, config, tenants, apiKeys, acts: { note }, reloads });
  });

  async function deliveredCallback(): Promise<string> {
    const { jobId } = await callbacks.run();
    await callbacks.callbackOf(jobId);
    return `wh-${jobId}-delivered`;
  }

  return {
    callbacks,
    acts,
    operationsOf: (author) =>
      all.by(author, (error) => {
        throw error;
      }),
    async waitingJob() {
      const producer = callbacks.system.openProducer();
      const { jobIds } = await producer.enqueue(KIND, message({ tenantId: 'held' }));
      return jobIds[0] ?? '';
    },
    async deadLetter() {
      const { jobId, state } = await callbacks.system.expire(KIND, message());
      expect(state).toBe('failed');
      return jobId;
    },
    deliveredCallback,
    async missedCallback() {
      callbacks.receiver.answerWith({ status: 500 }, { status: 500 });
      return await deliveredCallback();
    },
    endpointId: () => endpointIdOf('acme', callbacks.receiver.url),
    async apiKey() {
      const { key } = await apiKeys.create({ name: 'other', tenants: ['acme'], scopes: ['send'] });
      return key.id;
    },
  };
}
