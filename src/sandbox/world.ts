import { createAuditRecords } from './audit-records.ts';
import type { SandboxClient } from './clients.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createDeployments } from './deployments.ts';
import { createFaults, type FaultPlan, type Faults } from './faults.ts';
import { createForeignAdministrator } from './foreign-administrator.ts';
import type { OperationHandler, OperationState } from './operation.ts';
import { operations } from './operations.ts';
import { createOrganizations } from './organizations.ts';
import { createRateLimits, type RateLimits } from './rate-limits.ts';
import { createReplications } from './replications.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createSessions } from './sessions.ts';
import { createStats, type Stats } from './stats.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { createWidgets } from './widgets.ts';

const LOGGED_REQUESTS = 10_000;

/** The operation that hands out tokens. It is not in the table: it has no scope, no bucket, and another host. */
export const TOKEN_OPERATION = 'oauth.token';

/** The names of everything that can be counted, logged or made to fail. */
export const operationNames: readonly string[] = [TOKEN_OPERATION, ...operations.map(({ name }) => name)];

/** Operations that deliver nothing: a success of theirs is no accepted delivery. */
const supportingOperations: readonly string[] = [
  TOKEN_OPERATION,
  ...operations.filter(({ isDelivery }) => !isDelivery).map(({ name }) => name),
];

/** What a reset brings back to its start. */
interface Progress extends OperationState {
  stats: Stats;
  log: RequestLog;
  deliveries: Deliveries;
  rateLimits: RateLimits;
  faults: Faults;
  /** By name of the operation, with whatever each remembers. */
  handlers: Map<string, OperationHandler>;
}

/** Everything one sandbox knows. */
export interface World extends Progress {
  readonly clients: readonly SandboxClient[];
  readonly tokens: Tokens;
  /** Aborted when the sandbox closes; whoever waits stops waiting. */
  readonly closing: AbortSignal;
}

/** What a world is made of. */
export interface WorldOptions {
  clients: readonly SandboxClient[];
  tokenLifetimeSeconds: number;
  now: () => number;
  closing: AbortSignal;
}

/** A world in which nothing has happened yet. */
export function createWorld({ clients, tokenLifetimeSeconds, now, closing }: WorldOptions): World {
  return {
    ...createProgress(clients, now),
    clients,
    tokens: createTokens(tokenLifetimeSeconds),
    closing,
  };
}

/** Back to the start, except that tokens stay valid. */
export function resetWorld(world: World): void {
  Object.assign(world, createProgress(world.clients, world.now));
}

/** Replaces all faults, and with them the foreign load on the buckets. */
export function setFaults(world: World, plan: FaultPlan): void {
  world.faults = createFaults(plan);
  world.rateLimits.setForeignLoads(plan.foreignLoad ?? [], world.now());
}

/** The names of all tenants, each once. */
export function tenantsOf(clients: readonly SandboxClient[]): string[] {
  return [...new Set(clients.map(({ tenant }) => tenant))];
}

function createProgress(clients: readonly SandboxClient[], now: () => number): Progress {
  const state = createOperationState(now);
  return {
    ...state,
    stats: createStats(operationNames, tenantsOf(clients), supportingOperations),
    log: createRequestLog(LOGGED_REQUESTS),
    deliveries: createDeliveries(),
    rateLimits: createRateLimits(clients, now()),
    faults: createFaults({}),
    handlers: new Map(operations.map(({ name, create }) => [name, create(state)])),
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
