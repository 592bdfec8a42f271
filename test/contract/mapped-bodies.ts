import { copyOf, copyOnto, newMessenger, withMessenger } from '../../src/content/configuration/messenger.ts';
import {
  mappedConfiguration,
  mappedDeployment,
  SWITCHES,
} from '../../src/content/configuration/messenger-mapping.ts';
import type { Tree } from '../../src/content/json/tree.ts';
import { configRollout } from '../../src/jobs/config-rollout.ts';
import { newDeployment } from '../../workers/platform/rollouts/pins.ts';
import { configurationRollout } from '../support/guides/configuration.ts';
import { deploymentRollout } from '../support/guides/deployment.ts';
import { configuration } from './bodies.ts';

const icon = 'https://cdn.example/icon.png';
const featureFlags = Object.fromEntries(Object.keys(SWITCHES).map((flag) => [flag, true]));

/** The settings of the guide's rollout, with every flag that is a switch. */
function settingsOfRollout(): Tree {
  const guide = configurationRollout();
  const rollout = configRollout.schema.parse({
    ...guide,
    type: 'webchat-configuration',
    configuration: { ...guide.configuration, featureFlags },
  });
  if (rollout.type !== 'webchat-configuration') throw new TypeError('a rollout of a configuration');
  return mappedConfiguration(rollout.configuration).settings;
}

/** The settings of the guide's deployment, with an icon. */
function settingsOfDeployment(): Tree {
  const guide = deploymentRollout();
  const rollout = configRollout.schema.parse({
    ...guide,
    type: 'deployment',
    launcher: { ...guide.launcher, icon },
  });
  if (rollout.type !== 'deployment') throw new TypeError('a rollout of a deployment');
  return mappedDeployment(rollout).settings;
}

/**
 * What rollouts really write of the guides' full examples: each configuration that the mapping makes,
 * by the way that leads to it.
 */
export function mappedConfigurations(): Readonly<Record<string, Tree>> {
  const [rollout, deployment] = [settingsOfRollout(), settingsOfDeployment()];
  const existing: Tree = configuration();
  const { copy } = copyOf(withMessenger(existing, rollout));
  return {
    'a new configuration of a rollout': newMessenger('Shop', rollout),
    'a new configuration of a deployment': newMessenger('Shop', deployment),
    'an existing configuration with a rollout': withMessenger(existing, rollout),
    'an existing configuration with a deployment': withMessenger(existing, deployment),
    'a copy for another organization': copy,
    'a copy in place of another configuration': copyOnto(existing, copy),
  };
}

/** What a rollout writes of a new deployment. */
export function mappedDeployments(): Readonly<Record<string, Tree>> {
  const version = { configurationId: 'configuration-1', version: 2 };
  const { name } = deploymentRollout();
  return {
    'for some domains': newDeployment({ name, status: 'active', allowedDomains: ['shop.example'] }, version),
    'for all domains': newDeployment({ name, status: 'inactive' }, version),
  };
}
