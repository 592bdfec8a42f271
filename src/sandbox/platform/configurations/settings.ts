import { z } from 'zod';
import { bound, waitMs } from '../requests/setting-values.ts';

/** Settings of messenger configurations. None of the times is published. */
export const configurationSettings = z.strictObject({
  /** How long a new configuration or version is 404, and absent from lists. */
  notFoundForMs: waitMs.default(200),
  /** How long a draft or a version is `Pending` after a create, a PUT or a publish. */
  pendingForMs: waitMs.default(500),
  /** How long a deleted configuration is `Deleting` before it is 404. */
  deletingForMs: waitMs.default(0),
  /** Whether a create also publishes version 1. Not documented. */
  publishesOnCreate: z.boolean().default(false),
  /** What happens to a field that the model does not have. Not documented. */
  unknownFields: z.enum(['refuse', 'drop']).default('refuse'),
  /** Whether `primaryColor` must have six hexadecimal digits. Terraform demands it. */
  checksColor: z.boolean().default(true),
  /** Whether `defaultLanguage` must be one of `languages`. Not documented. */
  checksDefaultLanguage: z.boolean().default(true),
  /** The longest name. Terraform demands 100; the rule of the platform is not published. Null: any. */
  maxNameCharacters: bound.default(100),
  /** The number of configurations of an organization. Null: any number. */
  maxConfigurations: bound.default(null),
  /** The largest page. 300 is the documented default of a page; its maximum is not published. */
  maxPageSize: z.int().min(1).default(300),
});
