import type { ApiKeys } from '../access/api-keys.ts';
import type { Acts } from '../audit/act-record.ts';
import type { Config } from '../config/settings.ts';
import { createWindowReader, type WindowReader } from '../counts/windows.ts';
import type { Core } from '../queues/core.ts';
import { createWebhookControl, type WebhookControl } from '../queues/webhook-control.ts';
import { createMemoryGuard, type MemoryGuard } from '../redis/memory-guard.ts';
import type { Reloads } from '../runtime/reloads.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type Claims, createClaims } from './claims.ts';
import { createIntake, type Intake } from './intake.ts';
import { createQuota, type Quota } from './quota.ts';

/** The parts that the handlers of the HTTP API use. */
export interface Door extends WebhookControl {
  readonly config: Config;
  readonly core: Core;
  /** All tenants; a handler uses those of its call. */
  readonly tenants: TenantRegistry;
  readonly apiKeys: Pick<ApiKeys, 'verify'>;
  readonly quota: Quota;
  readonly intake: Intake;
  /** Refuses jobs while Redis is nearly full. */
  readonly memory: MemoryGuard;
  /** What the jobs of a tenant did in the last minute, hour and day. */
  readonly windows: WindowReader;
  readonly claims: Claims;
  readonly streams: { open: number };
  /** Records what operators do. */
  readonly acts: Acts;
  /** Makes all processes read the tenants file again. */
  readonly reloads: Pick<Reloads, 'everywhere'>;
  /** Called with an unexpected failure. The caller of the request does not see its text. */
  onError(error: Error): void;
}

export interface DoorOptions {
  readonly config: Config;
  readonly core: Core;
  readonly tenants: TenantRegistry;
  readonly apiKeys: Pick<ApiKeys, 'verify'>;
  readonly onError?: (error: Error) => void;
  readonly acts: Acts;
  readonly reloads: Pick<Reloads, 'everywhere'>;
}

export function createDoor(options: DoorOptions): Door {
  const { config, core, tenants, apiKeys, acts, reloads, onError = () => {} } = options;
  const { client, keys } = core;
  const memory = createMemoryGuard(client);
  return {
    config,
    core,
    tenants,
    apiKeys,
    quota: createQuota({ client, keys, config }),
    intake: createIntake(core, memory),
    memory,
    windows: createWindowReader({ client, keys }),
    claims: createClaims(core),
    ...createWebhookControl(core, config),
    streams: { open: 0 },
    acts,
    reloads,
    onError,
  };
}
