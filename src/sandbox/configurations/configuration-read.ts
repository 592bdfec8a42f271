import type { OperationHandler, OperationState } from '../operation.ts';
import { configurationAnswer, notAssigned } from './configuration-answers.ts';

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
