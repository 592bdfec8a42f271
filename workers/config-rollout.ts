import type { ConfigRollout } from '../src/jobs/config-rollout.ts';
import type { Children } from '../src/queues/children.ts';
import type { Handler } from '../src/runtime/handler.ts';
import { unavailable } from './by-dialect.ts';
import { type AuditReadBackOptions, auditReadBackStep } from './rollout/audit-read-back.ts';
import type { ConflictPolicy } from './rollout/conflict-policy.ts';
import { rollOutDeployment } from './rollout/deployment.ts';
import { organizationStep } from './rollout/organization.ts';
import { type ReplicationOptions, replicationStep } from './rollout/replication.ts';
import { rollBack } from './rollout/rollback.ts';
import { rollOut } from './rollout/rollout.ts';

export type ConfigRolloutOptions = ConflictPolicy &
  ReplicationOptions &
  AuditReadBackOptions & { readonly children: Children };

/**
 * Runs the jobs of rollouts: a configuration for many organizations
 * (docs/guides.md#configurations), with the steps that it starts; a rollback; and a deployment
 * (docs/guides.md#deployments).
 */
export function configRollout(options: ConfigRolloutOptions): Handler<ConfigRollout> {
  const handlers: { [Type in ConfigRollout['type']]: Handler<Extract<ConfigRollout, { type: Type }>> } = {
    'webchat-configuration': rollOut(),
    organization: organizationStep(options),
    replication: replicationStep(options),
    'audit-read-back': auditReadBackStep(options),
    rollback: rollBack(options.children),
    deployment: rollOutDeployment(options),
    messenger: unavailable('the step is one of the dialect platform, and its tenant has another one now'),
  };
  return (job) => (handlers[job.data.type] as Handler<ConfigRollout>)(job);
}
