import { errorAnswer, generalCodeOf } from '../answers/error-body.ts';
import type { Answer } from '../operation.ts';
import type { Organization } from './organizations.ts';

/** The configuration of an organization, flat, with its version. */
export function configurationAnswer(organization: Organization): Answer {
  const { organizationId, version, lastModifiedMs, configuration } = organization;
  const lastModified = new Date(lastModifiedMs).toISOString();
  return { status: 200, body: { organizationId, version, lastModified, ...configuration } };
}

/** The 403 of an organization that is not the client's; a missing scope has another code. */
export function notAssigned(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The organization is not assigned to the client.',
  });
}

/**
 * The 409 of a write not based on the current version, which its body tells
 * (docs/guides.md#write-a-configuration).
 */
export function versionConflict(correlationId: string, version: number): Answer {
  return errorAnswer(correlationId, {
    status: 409,
    code: generalCodeOf(409),
    message: `The configuration is at version ${version}; the If-Match header must name it.`,
    version,
  });
}
