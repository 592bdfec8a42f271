import { createAuditRecords } from './audit/audit-records.ts';
import { createForeignAdministrator } from './configurations/foreign-administrator.ts';
import { createOrganizations } from './configurations/organizations.ts';
import { createReplications } from './configurations/replications.ts';
import { createSessions } from './conversations/sessions.ts';
import { createFaults, type FaultPlan, type Faults } from './faults/faults.ts';
import type { SandboxClient } from './login/clients.ts';
import { createTokens, type Tokens } from './login/tokens.ts';
import { createDeliveries, type Deliveries } from './observe/deliveries.ts';
import { createRequestLog, type RequestLog } from './observe/request-log.ts';
import { createStats, type Stats } from './observe/stats.ts';
import type { OperationState } from './operation.ts';
import { operations } from './operations.ts';
import { GUEST_MESSAGE_OPERATION, platformOperations, UPLOAD_OPERATION } from './platform/operations.ts';
import type { PlatformOptions } from './platform/settings.ts';
import { type Channel, createChannel, type WebMessagingOptions } from './platform/webmessaging/channel.ts';
import type { Settings as ChannelSettings } from './platform/webmessaging/settings.ts';
import { createPlatformWorld, type PlatformWorld } from './platform/world.ts';
import { createRateLimits, type RateLimits } from './rate-limits/rate-limits.ts';
import type { OperationHandler } from './requests/arrival.ts';
import { createDeployments } from './webmessaging/deployments.ts';
import { createWidgets } from './webmessaging/widgets.ts';

const LOGGED_REQUESTS = 10_000;

/** The operation that grants tokens. It is not in the table: it has no scope and no bucket. */
export const TOKEN_OPERATION = 'oauth.token';

/** The names of all operations that can be counted, logged or made to fail. */
export const operationNames: readonly string[] = [
  TOKEN_OPERATION,
  ...operations.map(({ name }) => name),
  UPLOAD_OPERATION,
  ...platformOperations.map(({ name }) => name),
  GUEST_MESSAGE_OPERATION,
];

/** Operations that deliver nothing. Their successes are no accepted deliveries. */
const supportingOperations: readonly string[] = [
  TOKEN_OPERATION,
  UPLOAD_OPERATION,
  ...[...operations, ...platformOperations].filter(({ isDelivery }) => !isDelivery).map(({ name }) => name),
];

/** The part of a world that a reset replaces. */
interface ResettableState extends OperationState {
  stats: Stats;
  log: RequestLog;
  deliveries: Deliveries;
  rateLimits: RateLimits;
  faults: Faults;
  /** The state of the dialect `platform`, which shares nothing with the rest. */
  platform: PlatformWorld;
  /** By name of the operation. Each handler has its own memory. */
  handlers: Map<string, OperationHandler>;
}

/** The whole state of one sandbox. */
export interface World extends ResettableState {
  readonly clients: readonly SandboxClient[];
  readonly tokens: Tokens;
  readonly platformOptions: PlatformOptions;
  /** The WebSocket channel of guests. */
  readonly channel: Channel;
  /** Aborted when the sandbox closes. Every wait ends then. */
  readonly closing: AbortSignal;
}

/** The input of `createWorld`. */
export interface WorldOptions {
  clients: readonly SandboxClient[];
  tokenLifetimeSeconds: number;
  platform: PlatformOptions;
  now: () => number;
  closing: AbortSignal;
  webmessaging: WebMessagingOptions;
}

/** A world before the first request. */
export function createWorld(options: WorldOptions): World {
  const { clients, tokenLifetimeSeconds, platform, now, closing, webmessaging } = options;
  const state = {
    ...createResettableState(clients, platform, now, () => channel.settings()),
    clients,
    platformOptions: platform,
    tokens: createTokens(tokenLifetimeSeconds),
    closing,
  };
  const channel: Channel = createChannel({
    options: webmessaging,
    now,
    closing,
    platform: () => state.platform,
    onStored: (deploymentId, isRepetition) => countGuestMessage(state, deploymentId, isRepetition),
  });
  // The same object: a reset replaces parts of it, and the channel has to see them.
  return Object.assign(state, { channel });
}

function countGuestMessage(
  { stats, platform, now }: ResettableState,
  deploymentId: string,
  isRepetition: boolean,
): void {
  const tenant = platform.deployments.findOfAnyTenant(deploymentId, now())?.tenant ?? null;
  stats.add('accepted', GUEST_MESSAGE_OPERATION, tenant);
  if (isRepetition) stats.add('duplicates', GUEST_MESSAGE_OPERATION, tenant);
}

/** Resets everything except tokens, which stay valid. */
export function resetWorld(world: World): void {
  const { clients, platformOptions, now, channel } = world;
  Object.assign(
    world,
    createResettableState(clients, platformOptions, now, () => channel.settings()),
  );
  channel.reset();
}

/** Replaces all faults, and the foreign load on the buckets. */
export function setFaults(world: World, plan: FaultPlan): void {
  world.faults = createFaults(plan);
  world.rateLimits.setForeignLoads(plan.foreignLoad ?? [], world.now());
}

/** The names of all tenants, each once. */
export function tenantsOf(clients: readonly SandboxClient[]): string[] {
  return [...new Set(clients.map(({ tenant }) => tenant))];
}

function createResettableState(
  clients: readonly SandboxClient[],
  platformOptions: PlatformOptions,
  now: () => number,
  channelSettings: () => ChannelSettings,
): ResettableState {
  const state = createOperationState(now);
  const platform = createPlatformWorld(clients, now, platformOptions, channelSettings);
  return {
    ...state,
    stats: createStats(operationNames, tenantsOf(clients), supportingOperations),
    log: createRequestLog(LOGGED_REQUESTS),
    deliveries: createDeliveries(),
    rateLimits: createRateLimits(clients, now()),
    faults: createFaults({}),
    platform,
    handlers: new Map([
      ...operations.map(({ name, create }) => [name, create(state)] as const),
      ...platformOperations.map(({ name, create }) => [name, create(platform)] as const),
    ]),
  };
}

function createOperationState(now: () => number): OperationState {
  const auditRecords = createAuditRecords();
  const organizations = createOrganizations(auditRecords, now());
  return {
    now,
    sessions: createSessions(),
    widgets: createWidgets(),
    organizations,
    foreignAdministrator: createForeignAdministrator(organizations),
    replications: createReplications(organizations),
    deployments: createDeployments(auditRecords),
    auditRecords,
  };
}
