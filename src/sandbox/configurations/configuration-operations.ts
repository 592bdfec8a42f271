import { errorAnswer, generalCodeOf } from '../answers/error-body.ts';
import { unprocessable } from '../answers/refusals.ts';
import type { OperationState } from '../operation.ts';
import type { Answer, OperationHandler } from '../requests/arrival.ts';
import { parseConfiguration } from './configuration-schema.ts';
import type { Organization } from './organizations.ts';

/** The handler of `configuration.read`; somebody else may change the configuration right after. */
export function createConfigurationRead(state: OperationState): OperationHandler {
  const { now, organizations, foreignAdministrator } = state;
  return ({ params, correlationId }, { tenant }) => {
    const organization = organizations.of(tenant, params['organizationId'] ?? '');
    if (!organization.isAssigned) return notAssigned(correlationId);
    foreignAdministrator.afterRead(tenant, organization.organizationId, now());
    return configurationAnswer(organization);
  };
}

/** The handler of `configuration.write`: replaces the whole, if the writer knew the current version. */
export function createConfigurationWrite({ now, organizations }: OperationState): OperationHandler {
  return ({ params, headers, body, correlationId }, { tenant, clientId }) => {
    const { organizationId, version, isAssigned } = organizations.of(tenant, params['organizationId'] ?? '');
    if (!isAssigned) return notAssigned(correlationId);
    const configuration = parseConfiguration(body);
    if (!configuration.ok) return unprocessable(correlationId, 'configuration', configuration.problems);
    if (!isVersion(headers['if-match'], version)) return versionConflict(correlationId, version);
    const authorship = { clientId, atMs: now() };
    return configurationAnswer(organizations.change(tenant, organizationId, configuration.value, authorship));
  };
}

/** The 403 of an organization that is not the client's; a missing scope has another code. */
export function notAssigned(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The organization is not assigned to the client.',
  });
}

/** The configuration of an organization, flat, with its version. */
function configurationAnswer(organization: Organization): Answer {
  const { organizationId, version, lastModifiedMs, configuration } = organization;
  const lastModified = new Date(lastModifiedMs).toISOString();
  return { status: 200, body: { organizationId, version, lastModified, ...configuration } };
}

/**
 * The 409 of a write not based on the current version, which its body tells
 * (docs/guides.md#write-a-configuration).
 */
function versionConflict(correlationId: string, version: number): Answer {
  return errorAnswer(correlationId, {
    status: 409,
    code: generalCodeOf(409),
    message: `The configuration is at version ${version}; the If-Match header must name it.`,
    version,
  });
}

function isVersion(ifMatch: string | undefined, version: number): boolean {
  return ifMatch === `${version}` || ifMatch === `"${version}"`;
}
