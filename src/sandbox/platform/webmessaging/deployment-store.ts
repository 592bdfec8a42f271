import { type ConfigurationVersion, versionOf } from '../configurations/configurations.ts';
import type { ConfigurationFields } from '../configurations/model.ts';
import { type Deployment as ApiDeployment, statusOf } from '../deployments/deployments.ts';
import { uuidOf } from '../organization/identities.ts';
import type { PlatformWorld } from '../world.ts';
import { type Deployment, deploymentSchema } from './deployments.ts';

/** A deployment with the tenant whose organization it belongs to. */
export interface OwnedDeployment extends Deployment {
  readonly tenant: string;
  /** What the public configuration shows as it is. The channel does not look into it. */
  readonly looks: { readonly messenger: object; readonly conversations: object };
}

/** The deployments of the API, as the channel sees them. */
export interface DeploymentStore {
  find(id: string): OwnedDeployment | undefined;
  all(): OwnedDeployment[];
  /**
   * Makes a deployment of the API, with a configuration of its own, both active at once.
   * @param isListed whether the lists of the API have both
   */
  set(deployment: Deployment, isListed: boolean): OwnedDeployment;
}

/** The channel has no deployments of its own: it reads those of the API, and a test writes there. */
export function createDeploymentStore(platformOf: () => PlatformWorld): DeploymentStore {
  function find(id: string): OwnedDeployment | undefined {
    const platform = platformOf();
    const found = platform.deployments.findOfAnyTenant(id, platform.now());
    return found && channelDeployment(platform, found);
  }

  return {
    find,
    all() {
      const platform = platformOf();
      return platform.deployments
        .everyVisible(platform.now())
        .map((each) => channelDeployment(platform, each));
    },
    set(deployment, isListed) {
      const platform = platformOf();
      const { id, version, status, allowAllDomains, allowedDomains } = deployment;
      const nowMs = platform.now();
      const owner = deployment.tenant ?? platform.deployments.findOfAnyTenant(id, nowMs)?.tenant;
      const tenant = owner ?? defaultTenantOf(platform);
      const configurationId = uuidOf('configuration', id);
      const more = { version, isListed };
      platform.configurations.seed(tenant, configurationId, configurationOf(deployment), nowMs, more);
      const configuration = { id: configurationId, version };
      const fields = { name: `Sandbox ${id}`, configuration, allowAllDomains, allowedDomains, status };
      return channelDeployment(platform, platform.deployments.seed(tenant, id, fields, nowMs, isListed));
    },
  };
}

/** The tenant of a deployment for which a test names none: that of the first client of the platform. */
function defaultTenantOf({ clients }: PlatformWorld): string {
  const client = clients.find(({ dialect }) => dialect === 'platform') ?? clients[0];
  return client?.tenant ?? 'sandbox';
}

const DEFAULTS = deploymentSchema.parse({ id: 'defaults' });

/** A deployment with the values of its version. A value that the version leaves out has its default. */
function channelDeployment(platform: PlatformWorld, found: ApiDeployment): OwnedDeployment {
  const nowMs = platform.now();
  const { id, tenant } = found;
  const { allowAllDomains, allowedDomains, configuration } = found.fields;
  const fields = pinnedVersion(platform, found, nowMs)?.fields;
  return {
    ...DEFAULTS,
    ...valuesOf(fields),
    looks: looksOf(fields),
    id,
    tenant,
    status: statusOf(found, nowMs) === 'Active' ? 'Active' : 'Inactive',
    allowAllDomains: allowAllDomains ?? false,
    allowedDomains: allowedDomains ?? [],
    version: configuration.version,
  };
}

function pinnedVersion(
  { configurations }: PlatformWorld,
  { tenant, fields }: ApiDeployment,
  nowMs: number,
): ConfigurationVersion | undefined {
  const configuration = configurations.find(tenant, fields.configuration.id, nowMs);
  return configuration && versionOf(configuration, fields.configuration.version, nowMs);
}

function valuesOf(fields: ConfigurationFields | undefined): Partial<Deployment> {
  if (fields === undefined) return {};
  const { languages, defaultLanguage, messenger, authenticationSettings, journeyEvents } = fields;
  const { conversations } = messenger?.apps ?? {};
  const { enableAttachments, modes } = messenger?.fileUpload ?? {};
  const { enabled, type } = conversations?.conversationDisconnect ?? {};
  const { sessionDurationSeconds } = conversations ?? {};
  return {
    languages: languages?.length ? languages : DEFAULTS.languages,
    defaultLanguage: defaultLanguage ?? DEFAULTS.defaultLanguage,
    messengerEnabled: messenger?.enabled ?? DEFAULTS.messengerEnabled,
    conversationsEnabled: conversations?.enabled ?? DEFAULTS.conversationsEnabled,
    autoStart: conversations?.autoStart?.enabled ?? DEFAULTS.autoStart,
    conversationDisconnect: {
      enabled: enabled ?? DEFAULTS.conversationDisconnect.enabled,
      type: type ?? DEFAULTS.conversationDisconnect.type,
    },
    conversationClear: conversations?.conversationClear?.enabled ?? DEFAULTS.conversationClear,
    showUserTypingIndicator: conversations?.showUserTypingIndicator ?? DEFAULTS.showUserTypingIndicator,
    attachments: enableAttachments ?? DEFAULTS.attachments,
    ...(modes && { uploadModes: modes.map(modeOf) }),
    auth: {
      enabled: authenticationSettings?.enabled ?? DEFAULTS.auth.enabled,
      allowSessionUpgrade: authenticationSettings?.allowSessionUpgrade ?? DEFAULTS.auth.allowSessionUpgrade,
    },
    journeyEvents: journeyEvents?.enabled ?? DEFAULTS.journeyEvents,
    ...(sessionDurationSeconds && sessionDurationSeconds > 0 && { sessionDurationSeconds }),
  };
}

function looksOf(fields: ConfigurationFields | undefined): OwnedDeployment['looks'] {
  const { styles, launcherButton, homeScreen, apps } = fields?.messenger ?? {};
  const { showAgentTypingIndicator, markdown, humanize, notifications } = apps?.conversations ?? {};
  return {
    messenger: present({ styles, launcherButton, homeScreen }),
    conversations: present({ showAgentTypingIndicator, markdown, humanize, notifications }),
  };
}

function present(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

type Modes = NonNullable<NonNullable<ConfigurationFields['messenger']>['fileUpload']>['modes'];

function modeOf({ fileTypes, maxFileSizeKB }: NonNullable<Modes>[number]) {
  return { ...(fileTypes && { fileTypes }), ...(typeof maxFileSizeKB === 'number' && { maxFileSizeKB }) };
}

/** The configuration that says the same as a deployment that a test sets. */
function configurationOf(deployment: Deployment): ConfigurationFields {
  const { id, languages, defaultLanguage, auth, sessionDurationSeconds, uploadModes } = deployment;
  return {
    name: `Sandbox ${id}`,
    languages,
    defaultLanguage,
    messenger: {
      enabled: deployment.messengerEnabled,
      fileUpload: { enableAttachments: deployment.attachments, ...(uploadModes && { modes: uploadModes }) },
      apps: {
        conversations: {
          enabled: deployment.conversationsEnabled,
          showUserTypingIndicator: deployment.showUserTypingIndicator,
          autoStart: { enabled: deployment.autoStart },
          conversationDisconnect: deployment.conversationDisconnect,
          conversationClear: { enabled: deployment.conversationClear },
          ...(sessionDurationSeconds !== undefined && { sessionDurationSeconds }),
        },
      },
    },
    ...(auth.enabled || auth.allowSessionUpgrade
      ? { authenticationSettings: { ...auth, integrationId: uuidOf('integration', id) } }
      : {}),
    journeyEvents: { enabled: deployment.journeyEvents },
  };
}
