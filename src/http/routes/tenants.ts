import { z } from 'zod';
import { parseDuration } from '../../core/duration.ts';
import { OperatorError } from '../../core/errors.ts';
import { BUCKET_CLASSES } from '../../jobs/define.ts';
import type { PausedBuckets } from '../../operate/tenant-operations.ts';
import type { ReloadResult } from '../../runtime/reloads.ts';
import type { Door } from '../door.ts';
import { operationsOf } from '../operations-of.ts';
import { ProblemError } from '../problem.ts';
import { type Answer, type Call, defineRoute, type Route } from './route.ts';
import { sampleTenant, tenantAnswer } from './tenant-answers.ts';
import {
  acted,
  pauseBody,
  reloaded,
  resumeBody,
  sampleReload,
  tenant,
  tenantList,
} from './tenant-schemas.ts';

const params = z.object({ id: z.string().max(100).describe('The id of the tenant in the tenants file.') });

const sampleActed = { id: 'acme', buckets: [...BUCKET_CLASSES] };

export const tenantRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/tenants',
    operationId: 'listTenants',
    tag: 'Tenants',
    scope: 'read',
    summary: 'List the tenants of the key',
    responses: {
      200: {
        description: 'Their ids.',
        schema: tenantList,
        example: { tenants: [{ id: 'acme', self: '/v1/tenants/acme' }] },
      },
    },
    problems: [],
    handler: (_door, { tenants, link }) => ({
      status: 200,
      body: { tenants: tenants.ids().map((id) => ({ id, self: link(`/v1/tenants/${id}`) })) },
    }),
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/tenants/:id',
    operationId: 'getTenant',
    tag: 'Tenants',
    scope: 'read',
    summary: 'Show limits, buckets and waiting jobs of a tenant',
    description: 'The answer has no secret, and no address of one.',
    params,
    responses: { 200: { description: 'The tenant.', schema: tenant, example: sampleTenant } },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const id = requireTenant(call);
      return { status: 200, body: await tenantAnswer(door, call.tenants.get(id)) };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/tenants/:id/pause',
    operationId: 'pauseTenant',
    tag: 'Tenants',
    scope: 'operate',
    summary: 'Pause a tenant for some time',
    description: 'Its jobs wait, and other tenants go on. Requests that are under way go on to their end.',
    params,
    body: { schema: pauseBody, examples: { pause: { for: '10m', reason: 'maintenance' } } },
    responses: { 200: { description: 'The buckets that are paused.', schema: acted, example: sampleActed } },
    problems: ['RESOURCE_UNKNOWN', 'REQUEST_INVALID'],
    async handler(door, call) {
      const { reason, for: duration, bucket: bucketClass } = call.body;
      const tenantId = call.params.id;
      const durationMs = parseDuration(duration) ?? 0;
      const pause = { tenantId, bucketClass, durationMs, reason };
      return actedOn(tenantId, await operationsOf(door, call).pauseTenant(pause));
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/tenants/:id/resume',
    operationId: 'resumeTenant',
    tag: 'Tenants',
    scope: 'operate',
    summary: 'End every pause of a tenant, whatever its cause',
    params,
    body: { schema: resumeBody, examples: { all: {}, one: { bucket: 'messages' } } },
    responses: { 200: { description: 'The buckets that go on.', schema: acted, example: sampleActed } },
    problems: ['RESOURCE_UNKNOWN', 'REQUEST_INVALID'],
    async handler(door, call) {
      const choice = { tenantId: call.params.id, bucketClass: call.body?.bucket };
      return actedOn(choice.tenantId, await operationsOf(door, call).resumeTenant(choice));
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/tenants/reload',
    operationId: 'reloadTenants',
    tag: 'Tenants',
    scope: 'admin',
    summary: 'Read the tenants file again, in all processes',
    description: `This process reads the file first. When it can, all workers and servers of the installation read theirs, and
flow control gets the limits. The answer has the report of each process; \`isComplete\` says that all have
taken the whole file, and the same one. A process that was cut off from Redis reads the file when it is back.`,
    responses: {
      200: { description: 'The file is read.', schema: reloaded, example: sampleReload },
    },
    problems: ['KEY_SCOPE_MISSING', 'TENANTS_FILE_WRONG'],
    isSlow: true,
    async handler(door, call) {
      // A key of some tenants must not change the others.
      if (call.key.tenants !== 'all') {
        throw new ProblemError('KEY_SCOPE_MISSING', { detail: 'The operation needs a key for all tenants.' });
      }
      const { issues, digest, processes } = await reload(door, call);
      const reports = processes.map(({ at: _at, file, ...report }) => ({
        ...report,
        isSameFile: file === null ? null : file === digest,
      }));
      const isComplete = reports.every(({ status, isSameFile }) => status === 'reloaded' && isSameFile);
      const body = { tenants: door.tenants.ids().length, issues, isComplete, processes: reports };
      return { status: 200, body };
    },
  }),
];

type TenantCall = Call<{ id: string }, unknown, unknown>;

/** @throws {ProblemError} RESOURCE_UNKNOWN */
function requireTenant({ params: { id }, tenants }: TenantCall): string {
  if (!tenants.has(id)) throw new ProblemError('RESOURCE_UNKNOWN');
  return id;
}

/** @throws {ProblemError} RESOURCE_UNKNOWN */
function actedOn(id: string, buckets: PausedBuckets): Answer {
  if (!buckets) throw new ProblemError('RESOURCE_UNKNOWN');
  return { status: 200, body: { id, buckets: buckets.map(({ bucketClass }) => bucketClass) } };
}

/** @throws {ProblemError} TENANTS_FILE_WRONG */
async function reload(door: Door, call: Call<unknown, unknown, unknown>): Promise<ReloadResult> {
  try {
    return await operationsOf(door, call).reloadTenants();
  } catch (error) {
    if (error instanceof OperatorError) throw new ProblemError('TENANTS_FILE_WRONG');
    throw error;
  }
}
