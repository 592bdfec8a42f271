import { z } from 'zod';
import { notFound, refusal } from '../answers/refusals.ts';
import { DEFAULT_PAGE_SIZE, pageOf, pageSizeSchema } from '../input/paging.ts';
import { parseInput } from '../input/problems.ts';
import type { OperationState } from '../operation.ts';
import type { OperationHandler } from '../requests/arrival.ts';

const numberSchema = z
  .string()
  .refine((text) => /^\d{1,9}$/.test(text), 'a whole number')
  .transform(Number);

const querySchema = z.object({
  pageNumber: numberSchema.pipe(z.int().min(1)).default(1),
  pageSize: numberSchema.pipe(pageSizeSchema).default(DEFAULT_PAGE_SIZE),
});

/** The handler of `deployment.list`. It answers one page, the oldest deployment first. */
export function createDeploymentList({ deployments }: OperationState): OperationHandler {
  return ({ query, correlationId }, { tenant }) => {
    const parsed = parseInput(querySchema, query);
    if (!parsed.ok) return refusal(correlationId, 'query', parsed.problems);
    const { pageNumber, pageSize } = parsed.value;
    const { entries: entities, total, pageCount } = pageOf(deployments.all(tenant), pageNumber, pageSize);
    return { status: 200, body: { entities, pageNumber, pageSize, total, pageCount } };
  };
}

/** The handler of `deployment.read`. */
export function createDeploymentRead({ deployments }: OperationState): OperationHandler {
  return ({ params, correlationId }, { tenant }) => {
    const deployment = deployments.find(tenant, params['deploymentId'] ?? '');
    if (deployment !== undefined) return { status: 200, body: deployment };
    return notFound(correlationId, 'deployment');
  };
}
