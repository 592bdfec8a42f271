import type { ApiKeys } from '../access/api-keys.ts';
import type { Acts } from '../audit/act-record.ts';
import type { Config } from '../config/settings.ts';
import type { Core } from '../queues/core.ts';
import { createSchedules } from '../queues/schedules.ts';
import { createWebhookControl } from '../queues/webhook-control.ts';
import type { Reloads } from '../runtime/reloads.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Author } from './author.ts';
import { type Bound, bindOperations, type Nothing, type Recording } from './bind.ts';
import { bulkOperations } from './bulk-operations.ts';
import { callbackOperations } from './callback-operations.ts';
import { eraseOperations } from './erase-operations.ts';
import { jobOperations } from './job-operations.ts';
import { keyOperations } from './key-operations.ts';
import { partitionOperations } from './partition-operations.ts';
import { reloadOperations } from './reload-operations.ts';
import { scheduleOperations } from './schedule-operations.ts';
import { sealOperations } from './seal-operations.ts';
import { tenantOperations } from './tenant-operations.ts';

export interface OperationParts {
  readonly core: Core;
  readonly config: Config;
  readonly tenants: TenantRegistry;
  readonly apiKeys: ApiKeys;
  readonly acts: Acts;
}

/**
 * Everything that operators do, from the HTTP API and from the command line. There is no other way
 * to cancel, retry, pause, resume, replay or enable: routes and commands get parts that only read.
 * Each call leaves an audit record, also when it failed. Only an act on an unknown id leaves none.
 */
export type Operations = Bound<ReturnType<typeof tableOf>>;

/** Those of the HTTP API: it also reloads the tenants. */
export type ServerOperations = Bound<ReturnType<typeof serverTableOf>>;

export interface ServerParts extends OperationParts {
  readonly reloads: Pick<Reloads, 'everywhere'>;
}

export interface OperationsBy<Each> {
  /**
   * @param onUnrecorded called when Redis did not take the record of an act.
   * @param onNothing called with an act on an unknown id, in the place of its record.
   */
  by(author: Author, onUnrecorded: (error: Error) => void, onNothing?: (act: Nothing) => void): Each;
}

export function createOperations(parts: OperationParts): OperationsBy<Operations> {
  const table = tableOf(parts);
  return {
    by: (author, onUnrecorded, onNothing) =>
      bindOperations(table, recordingOf(parts, { onUnrecorded, onNothing }), author),
  };
}

export function createServerOperations(parts: ServerParts): OperationsBy<ServerOperations> {
  const table = serverTableOf(parts);
  return {
    by: (author, onUnrecorded, onNothing) =>
      bindOperations(table, recordingOf(parts, { onUnrecorded, onNothing }), author),
  };
}

/** A process looks every second whether a tenant has moved. An act must not go to where it was before. */
function recordingOf(
  { acts, core }: OperationParts,
  callbacks: Omit<Recording, 'acts' | 'prepare'>,
): Recording {
  return { acts, prepare: () => core.follow().look(), ...callbacks };
}

function serverTableOf(parts: ServerParts) {
  return { ...tableOf(parts), ...reloadOperations(parts) };
}

function tableOf({ core, config, tenants, apiKeys }: OperationParts) {
  const schedules = createSchedules({ queues: core.queues, keys: core.keys, kind: 'audit-sync' });
  return {
    ...jobOperations(core),
    ...bulkOperations({ ...core, tenants }),
    ...tenantOperations({ ...core, tenants }),
    ...callbackOperations({ ...createWebhookControl(core, config), tenants, config }),
    ...keyOperations({ apiKeys }),
    ...sealOperations(core),
    ...eraseOperations({ ...core, tenants }),
    ...scheduleOperations({ schedules, tenants }),
    ...partitionOperations({ core, config, tenants }),
  };
}
