import { errorAnswer, generalCodeOf } from '../answers/error-body.ts';
import { unprocessable } from '../answers/refusals.ts';
import type { OperationState } from '../operation.ts';
import type { Answer, OperationHandler } from '../requests/arrival.ts';
import { parseConfiguration } from './configuration-schema.ts';
import type { Organization } from './organizations.ts';

/** The handler of `configuration.read`. The foreign administrator may act right after each read. */
export function createConfigurationRead(state: OperationState): OperationHandler {
  const { now, organizations, foreignAdministrator } = state;
  return ({ params, correlationId }, { tenant }) => {
    const organization = organizations.of(tenant, params['organizationId'] ?? '');
    if (!organization.isAssigned) return notAssigned(correlationId);
    foreignAdministrator.afterRead(tenant, organization.organizationId, now());
    return configurationAnswer(organization);
  };
}

/** The handler of `configuration.write`. A write must name the current version in `If-Match`. */
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

/** The 403 for an organization that the client does not own. A missing scope has another code. */
export function notAssigned(correlationId: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'not.authorized',
    message: 'The organization is not assigned to the client.',
  });
}

/** The configuration of an organization, with its id and version on the same level. */
function configurationAnswer(organization: Organization): Answer {
  const { organizationId, version, lastModifiedMs, configuration } = organization;
  const lastModified = new Date(lastModifiedMs).toISOString();
  return { status: 200, body: { organizationId, version, lastModified, ...configuration } };
}

/**
 * The 409 of a write that names another version. The body has the current version
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
