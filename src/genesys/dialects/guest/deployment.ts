import { z } from 'zod';
import type { DeploymentBody } from '../../../content/configuration/deployment.ts';
import { isTree, type Tree } from '../../../content/json/tree.ts';
import { textOf } from '../../../core/shapes.ts';
import type { ScopedOperation } from '../../operation.ts';
import { genesysId, idIn, readAnswer } from '../../read-answer.ts';
import type { Deployment, DeploymentPage } from './shapes.ts';

const PATH = '/api/v2/webmessaging/deployments';
const READ = 'webmessaging:deployments:read';
const WRITE = 'webmessaging:deployments:write';

const deploymentShape = z.looseObject({
  id: genesysId,
  name: textOf({ max: 1000 }),
  properties: z.custom<Tree>(isTree, 'expected a JSON object').default({}),
});

/**
 * Every deployment of the page must be readable. An unreadable one may be the one that the rollout
 * looks for, which the rollout would then create again.
 */
const pageShape = z.looseObject({
  entities: z.array(deploymentShape),
  pageCount: z.number().int().min(0).nullable().catch(null),
});

/** Lists deployments: no operation finds one by its name (docs/guides.md#list-deployments). */
export const listDeployments: ScopedOperation<{ pageNumber: number; pageSize: number }, DeploymentPage> = {
  name: 'deployment.list',
  method: 'GET',
  scope: READ,
  path: ({ pageNumber, pageSize }) => `${PATH}?pageNumber=${pageNumber}&pageSize=${pageSize}`,
  body: () => undefined,
  read(answer) {
    const reading = { name: 'deployment.list', shape: pageShape, code: 'ANSWER_MALFORMED' } as const;
    const { entities, pageCount } = readAnswer(reading, answer);
    return { deployments: entities.map(deploymentOf), pageCount };
  },
};

/** Reads one deployment (docs/guides.md#read-a-deployment). */
export const readDeployment: ScopedOperation<{ id: string }, Deployment> = {
  name: 'deployment.read',
  method: 'GET',
  scope: READ,
  path: pathOf,
  body: () => undefined,
  read: (answer) =>
    deploymentOf(
      readAnswer({ name: 'deployment.read', shape: deploymentShape, code: 'ANSWER_MALFORMED' }, answer),
    ),
};

/** Creates a deployment (docs/guides.md#create-a-deployment). */
export const createDeployment: ScopedOperation<DeploymentBody, { readonly id: string | null }> = {
  name: 'deployment.create',
  method: 'POST',
  scope: WRITE,
  reportsReasons: true,
  path: () => PATH,
  body: (deployment) => deployment,
  read: (answer) => ({ id: idIn(answer) }),
};

/** Updates a deployment; its id is in the body as well (docs/guides.md#update-a-deployment). */
export const updateDeployment: ScopedOperation<Deployment, { readonly id: string | null }> = {
  name: 'deployment.update',
  method: 'PUT',
  scope: WRITE,
  reportsReasons: true,
  path: pathOf,
  body: deploymentOf,
  read: (answer) => ({ id: idIn(answer) }),
};

function pathOf({ id }: { id: string }): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

function deploymentOf({ id, name, properties }: Deployment): Deployment {
  return { id, name, properties };
}
