import type { ConfigRollout } from '../../src/jobs/config-rollout.ts';
import type { Children } from '../../src/queues/children.ts';
import type { Handler } from '../../src/runtime/handler.ts';
import type { OrganizationsOptions } from '../../src/tenants/organizations.ts';
import { unavailable } from '../by-dialect.ts';
import { rollOutMessengerDeployment } from './rollouts/deployment.ts';
import { messengerStep } from './rollouts/messenger-step.ts';
import { type PlatformReadBackOptions, platformReadBack } from './rollouts/read-back.ts';
import { rollBackMessengers } from './rollouts/rollback.ts';
import { rollOutMessengers } from './rollouts/rollout.ts';
import type { StepOptions } from './rollouts/step-options.ts';

export type PlatformRolloutOptions = StepOptions &
  PlatformReadBackOptions &
  OrganizationsOptions & { readonly children: Children };

/** Runs the jobs of rollouts of the dialect `platform` (docs/platform.md#rollouts). */
export function platformRollout(options: PlatformRolloutOptions): Handler<ConfigRollout> {
  const ofGuest = unavailable('the step is one of the dialect guest, and its tenant has another one now');
  const handlers: { [Type in ConfigRollout['type']]: Handler<Extract<ConfigRollout, { type: Type }>> } = {
    'webchat-configuration': rollOutMessengers(options),
    rollback: rollBackMessengers(options.children),
    deployment: rollOutMessengerDeployment(),
    messenger: messengerStep(options),
    organization: ofGuest,
    replication: ofGuest,
    'audit-read-back': platformReadBack(options),
  };
  return (job) => (handlers[job.data.type] as Handler<ConfigRollout>)(job);
}
