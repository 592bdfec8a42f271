import { z } from 'zod';
import { bound, waitMs } from '../requests/setting-values.ts';

const serviceSchema = z.strictObject({
  name: z.string().min(1),
  entities: z.array(z.strictObject({ name: z.string().min(1), actions: z.array(z.string().min(1)) })),
});

/** The state in which a query ends. */
export const queryEnds = ['Succeeded', 'Failed', 'Cancelled'] as const;

/** Settings of audits. Only the page size and the 14 days are documented. */
export const auditSettings = z.strictObject({
  /** The names in the records of changes to web deployments. The real ones are not published. */
  names: z
    .strictObject({
      service: z.string().min(1).default('WebDeployments'),
      configuration: z.string().min(1).default('Configuration'),
      deployment: z.string().min(1).default('Deployment'),
      create: z.string().min(1).default('Create'),
      update: z.string().min(1).default('Update'),
      publish: z.string().min(1).default('Publish'),
      delete: z.string().min(1).default('Delete'),
    })
    .prefault({}),
  /** Services beside the one of web deployments. */
  moreServices: z.array(serviceSchema).default([]),
  /** The services that realtime queries have, by name. Null: all of them. */
  realtimeServices: z.array(z.string()).nullable().default(null),
  /** How long a record is in no answer after its change. */
  visibleAfterMs: waitMs.default(0),
  /** How long a query is `Queued`. */
  queuedForMs: waitMs.default(100),
  /** How long a query is `Running` after that. */
  runningForMs: waitMs.default(200),
  /** How long the results of a query can be read. Null: for ever. */
  keptForMs: waitMs.nullable().default(null),
  /** The largest page of records. 500 is documented. */
  maxPageSize: z.int().min(1).default(500),
  /** The longest interval of a query in days. Null: any interval. */
  maxIntervalDays: z.number().positive().nullable().default(null),
  /** How far back a realtime query goes, in days. 14 is documented. */
  realtimeDays: z.number().positive().default(14),
  /** With `allowRedirect`, more records than this are answered with a redirect. */
  redirectsAbove: bound.default(1000),
});
