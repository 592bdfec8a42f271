import { z } from 'zod';
import { OperatorError } from '../../core/errors.ts';
import type { Receiver, TestOutcome } from '../../operate/callback-operations.ts';
import type { Operations } from '../../operate/operations.ts';
import type { DeliveryFacts } from '../../queues/callback-job.ts';
import type { Door } from '../door.ts';
import { operationsOf } from '../operations-of.ts';
import { ProblemError } from '../problem.ts';
import { onlyTenantOf } from '../scoped-tenants.ts';
import { notReplayable } from './endpoints.ts';
import { type Call, defineRoute, type Route } from './route.ts';
import {
  attempt,
  attemptList,
  replayed,
  sampleAttempt,
  sampleAttemptLinks,
  testBody,
} from './webhook-schemas.ts';

const params = z.object({ id: z.string().max(300).describe('The id of the callback: its `webhook-id`.') });

export const callbackRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/webhooks/callbacks/:id/attempts',
    operationId: 'listAttempts',
    tag: 'Webhooks',
    scope: 'read',
    summary: 'List the last attempts to deliver a callback',
    params,
    responses: {
      200: {
        description: 'The attempts, the oldest first.',
        schema: attemptList,
        example: { attempts: [sampleAttempt], ...sampleAttemptLinks },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const { tenantId, reportsOn } = await requireCallback(door, call);
      const { id } = call.params;
      const attempts = await door.records.attempts(tenantId, id);
      return { status: 200, body: { attempts, jobId: reportsOn, links: attemptLinks(id, reportsOn, call) } };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/webhooks/callbacks/:id/replay',
    operationId: 'replayCallback',
    tag: 'Webhooks',
    scope: 'operate',
    summary: 'Send a callback again, delivered or not',
    description: 'It has the same `webhook-id`, by which the receiver recognizes it, and all its attempts.',
    params,
    responses: {
      202: {
        description: 'The callback is sent again.',
        schema: replayed,
        example: { replayed: 1 },
      },
    },
    problems: ['RESOURCE_UNKNOWN', 'CALLBACK_NOT_REPLAYABLE'],
    async handler(door, call) {
      const { status } = await operationsOf(door, call).replayCallback(call.params);
      if (status === 'unknown') throw new ProblemError('RESOURCE_UNKNOWN');
      if (status !== 'replayed') throw notReplayable(status);
      return { status: 202, body: { replayed: 1 } };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/webhooks/test',
    operationId: 'testWebhook',
    tag: 'Webhooks',
    scope: 'operate',
    summary: 'Send one signed webhook.test event to a receiver',
    description: 'The server sends it as a worker does, by the rules of the tenant for receivers.',
    body: {
      schema: testBody,
      examples: { test: { tenantId: 'acme', url: 'https://crm.acme.example/webhooks/genesys' } },
    },
    responses: {
      200: { description: 'The attempt, delivered or not.', schema: attempt, example: sampleAttempt },
    },
    problems: ['REQUEST_INVALID'],
    isSlow: true,
    async handler(door, call) {
      const { url, tenantId = onlyTenantOf(call.key) } = call.body;
      if (tenantId === undefined) throw unknownTenant();
      const outcome = await testReceiver(operationsOf(door, call), { tenantId, url });
      if (outcome.status === 'unknown') throw unknownTenant();
      if (outcome.status === 'forbidden') throw wrong('url', outcome.issue);
      return { status: 200, body: outcome.attempt };
    },
  }),
];

/** @throws {ProblemError} when the secret of the callbacks of the tenant cannot be read. */
async function testReceiver(operations: Operations, receiver: Receiver): Promise<TestOutcome> {
  try {
    return await operations.testReceiver(receiver);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw wrong('tenantId', 'the secret of its callbacks cannot be read');
  }
}

function unknownTenant(): ProblemError {
  return wrong('tenantId', 'expected a tenant of the tenants file');
}

function attemptLinks(
  id: string,
  jobId: string | null,
  { link }: Pick<Call<unknown, unknown, unknown>, 'link'>,
) {
  const job = jobId === null ? {} : { job: link(`/v1/jobs/${encodeURIComponent(jobId)}`) };
  return { replay: link(`/v1/webhooks/callbacks/${encodeURIComponent(id)}/replay`), ...job };
}

/** @throws {ProblemError} RESOURCE_UNKNOWN */
async function requireCallback(
  { replays }: Pick<Door, 'replays'>,
  { tenants, params: { id } }: Pick<Call<{ id: string }, unknown, unknown>, 'tenants' | 'params'>,
): Promise<DeliveryFacts> {
  const callback = await replays.about(id);
  if (!callback || !tenants.has(callback.tenantId)) throw new ProblemError('RESOURCE_UNKNOWN');
  return callback;
}

function wrong(path: string, message: string): ProblemError {
  return new ProblemError('REQUEST_INVALID', { issues: [{ path, message }] });
}
