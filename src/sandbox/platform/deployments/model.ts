import { z } from 'zod';

const text = z.string().nullish();

/** The fields that the platform sets. A body may have them, and they have no effect. */
const readOnly = {
  id: z.unknown().optional(),
  snippet: z.unknown().optional(),
  dateCreated: z.unknown().optional(),
  dateModified: z.unknown().optional(),
  lastModifiedUser: z.unknown().optional(),
  selfUri: z.unknown().optional(),
};

const readOnlyNames: readonly string[] = Object.keys(readOnly);

/** A whole deployment (`WebDeployment`), as a create or a PUT has it. */
export const deploymentSchema = z
  .strictObject({
    name: z.string().min(1),
    description: text,
    configuration: z.strictObject({ id: z.string(), version: z.string(), name: text, selfUri: text }),
    allowAllDomains: z.boolean().nullish(),
    allowedDomains: z.array(z.string()).nullish(),
    flow: z
      .strictObject({
        id: z.string(),
        name: text,
        selfUri: text,
        flowDescription: z.unknown().optional(),
        publishVersion: z.unknown().optional(),
      })
      .nullish(),
    status: z.enum(['Pending', 'Active', 'Inactive', 'Error', 'Deleting']).nullish(),
    supportedContent: z
      .strictObject({ id: z.string(), name: text, selfUri: text, mediaTypes: z.unknown().optional() })
      .nullish(),
    pushIntegrations: z
      .array(z.strictObject({ id: text, provider: z.enum(['APNS', 'FCM']).nullish() }))
      .nullish(),
    ...readOnly,
  })
  .refine(({ allowAllDomains, allowedDomains }) => !allowAllDomains || !allowedDomains?.length, {
    path: ['allowedDomains'],
    message: 'must be empty when all domains are allowed',
  });

/** The fields of a deployment that a client writes. */
export type DeploymentFields = Omit<z.output<typeof deploymentSchema>, keyof typeof readOnly>;

/** A deployment without the fields that only the platform sets, and without those that are null. */
export function writableFields(body: z.output<typeof deploymentSchema>): DeploymentFields {
  const kept = Object.entries(body).filter(
    ([name, value]) => !readOnlyNames.includes(name) && value !== undefined && value !== null,
  );
  return Object.fromEntries(kept) as unknown as DeploymentFields;
}
