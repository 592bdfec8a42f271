import { z } from 'zod';
import { bound, waitMs } from '../requests/setting-values.ts';

/** Settings of deployments. None of the times is published. */
export const deploymentSettings = z.strictObject({
  /** How long a new deployment is 404, and absent from lists. */
  notFoundForMs: waitMs.default(200),
  /** How long a deployment is `Pending` after a create or a PUT. */
  pendingForMs: waitMs.default(500),
  /** How long a deleted deployment is `Deleting` before it is 404. */
  deletingForMs: waitMs.default(0),
  /** The number of deployments of an organization. Null: any number. */
  maxDeployments: bound.default(null),
  /** The inbound message flows of the organization, by id. Null: any id is one. */
  flows: z.array(z.string()).nullable().default(null),
  /** The external sources of contacts, by id. Null: any id is one. */
  externalSources: z.array(z.string()).nullable().default(null),
  /** The supported content profiles of the organization, by id. Null: any id is one. */
  supportedContents: z.array(z.string()).nullable().default(null),
});
