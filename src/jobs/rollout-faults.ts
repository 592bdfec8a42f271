import { contrastWarnings } from '../content/deployment.ts';
import { isRecord } from '../content/json-tree.ts';
import type { ContentPolicy } from '../content/policy.ts';
import { changesFaults, treeFaults } from '../content/tree-faults.ts';
import { configurationFaults } from '../content/webchat-configuration.ts';
import type { Fault } from '../core/faults.ts';
import { repeatFaults } from './fields.ts';

/** What the types of a rollout's fields cannot say. Each takes input that nobody has checked. */

type Raw = Readonly<Record<string, unknown>>;

/** Faults of a configuration for many organizations. */
export function webchatConfigurationFaults(input: Raw, policy: ContentPolicy): Fault[] {
  return [
    ...repeatFaults(input['organizationIds'], 'organizationIds'),
    ...configurationFaults(input['configuration'], 'configuration', policy),
  ];
}

/** Faults of a deployment; with `strict`, colors that are hard to tell apart are among them. */
export function deploymentFaults(input: Raw): Fault[] {
  const { name, id, widget, strict } = input;
  const nameless = name === undefined && id === undefined;
  const message = 'expected the name of the deployment, or the id of one that exists, or both';
  if (!isRecord(widget)) return nameless ? [{ path: 'name', message }] : [];
  return [
    ...(nameless ? [{ path: 'name', message }] : []),
    ...(strict === true
      ? contrastWarnings(widget['theme']).map(({ path, message }) => ({ path, message }))
      : []),
  ];
}

/** Faults of what is to be done at one organization: either to set something, or to restore something. */
export function organizationStepFaults({ settings, restore }: Raw): Fault[] {
  if ((settings === undefined) === (restore === undefined)) {
    return [{ path: 'settings', message: 'expected either settings or changes to restore' }];
  }
  return settings === undefined ? changesFaults(restore, 'restore') : treeFaults(settings, 'settings');
}
