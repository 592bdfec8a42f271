import { contrastWarnings } from '../content/configuration/deployment.ts';
import { configurationIssues } from '../content/configuration/webchat-configuration.ts';
import { changesIssues, treeIssues } from '../content/json/tree-issues.ts';
import type { ContentPolicy } from '../content/policy/policy.ts';
import type { Issue } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { repeatIssues } from './fields.ts';

/**
 * The rules that the types of the fields of a rollout cannot express. Each function takes unchecked
 * input.
 */

type Raw = Readonly<Record<string, unknown>>;

/** Issues of a configuration for many organizations. */
export function webchatConfigurationIssues(input: Raw, policy: ContentPolicy): Issue[] {
  return [
    ...repeatIssues(input['organizationIds'], 'organizationIds'),
    ...repeatIssues(input['deployments'], 'deployments'),
    ...configurationIssues(input['configuration'], 'configuration', policy),
  ];
}

/** Issues of a deployment; with `strict`, they include colors of a low contrast. */
export function deploymentIssues(input: Raw): Issue[] {
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

/** Issues of the step at one organization: it either sets or restores a configuration. */
export function organizationStepIssues({ settings, restore }: Raw): Issue[] {
  if ((settings === undefined) === (restore === undefined)) {
    return [{ path: 'settings', message: 'expected either settings or changes to restore' }];
  }
  return settings === undefined ? changesIssues(restore, 'restore') : treeIssues(settings, 'settings');
}

/** Issues of the step of the dialect `platform`. */
export function messengerStepIssues({ settings, restore, copy }: Raw): Issue[] {
  return [
    ...treeIssues(settings, 'settings'),
    ...(restore === undefined ? [] : changesIssues(restore, 'restore')),
    ...(copy === undefined ? [] : treeIssues(copy, 'copy')),
  ];
}
