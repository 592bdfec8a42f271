import { z } from 'zod';
import { isTree, type Tree } from '../../../content/json/tree.ts';
import { textOf } from '../../../core/shapes.ts';
import type { Operation } from '../../operation.ts';
import { genesysId, readAnswer } from '../../read-answer.ts';
import { creation } from './creation.ts';
import { cursorList } from './cursor-list.ts';
import { writableFields } from './writable.ts';

/**
 * Deployments of messengers (docs/platform.md#deployments). Each is pinned to one version of a
 * configuration, which has its look.
 */

const PATH = '/api/v2/webdeployments/deployments';
const VIEW = { names: ['webDeployments:deployment:view'] } as const;
const EDIT = { names: ['webDeployments:deployment:edit'] } as const;
const ADD = { names: ['webDeployments:deployment:add'] } as const;

/** Fields that the platform sets. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'id',
  'snippet',
  'dateCreated',
  'dateModified',
  'lastModifiedUser',
  'selfUri',
]);

const word = textOf({ max: 200 }).nullish().catch(undefined);

const deploymentShape = z
  .looseObject({
    id: genesysId,
    name: textOf({ max: 1000 }),
    status: word,
    snippet: z.string().nullish().catch(undefined),
    configuration: z.looseObject({ id: genesysId, version: textOf({ min: 1, max: 20 }) }),
  })
  .refine(isTree, 'expected JSON within the limits of depth and size')
  .transform((deployment): MessengerDeployment => {
    const { id, name, status, snippet, configuration } = deployment;
    return {
      id,
      name,
      status: status ?? null,
      snippet: snippet ?? null,
      configuration: { id: configuration.id, version: configuration.version },
      fields: writableFields(deployment as Tree, READ_ONLY),
    };
  });

/** A version of a configuration. */
export interface VersionReference {
  readonly id: string;
  readonly version: string;
}

/** One deployment. */
export interface MessengerDeployment {
  readonly id: string;
  readonly name: string;
  /** `Pending`, `Active`, `Inactive`, `Error` or `Deleting`; null if the answer does not say it. */
  readonly status: string | null;
  /** The HTML that shows the messenger on a page; null if the answer has none. */
  readonly snippet: string | null;
  readonly configuration: VersionReference;
  /** What a client may write: a PUT replaces the whole deployment. */
  readonly fields: Tree;
}

/** Lists the deployments: no operation finds one by its name. */
export const listDeployments = cursorList('deployment.list', VIEW, () => PATH, deploymentShape);

/** Reads one deployment. */
export const readDeployment: Operation<{ readonly id: string }, MessengerDeployment> = {
  name: 'deployment.read',
  method: 'GET',
  permissions: VIEW,
  path: pathOf,
  body: () => undefined,
  read: (answer) =>
    readAnswer({ name: 'deployment.read', shape: deploymentShape, code: 'ANSWER_MALFORMED' }, answer),
};

/** Creates a deployment. @returns null if the answer has no id. */
export const createDeployment = creation('deployment.create', PATH, ADD);

/** Replaces a whole deployment. An unknown id is 404: a PUT creates nothing. */
export const updateDeployment: Operation<{ readonly id: string; readonly fields: Tree }, void> = {
  name: 'deployment.update',
  method: 'PUT',
  permissions: EDIT,
  reportsReasons: true,
  path: pathOf,
  body: ({ fields }) => fields,
  read: () => {},
};

function pathOf({ id }: { readonly id: string }): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}
