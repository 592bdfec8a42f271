import { unprocessable } from '../answers/refusals.ts';
import type { OperationHandler, OperationState } from '../operation.ts';
import { configurationAnswer, notAssigned, versionConflict } from './configuration-answers.ts';
import { parseConfiguration } from './configuration-schema.ts';

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

function isVersion(ifMatch: string | undefined, version: number): boolean {
  return ifMatch === `${version}` || ifMatch === `"${version}"`;
}
