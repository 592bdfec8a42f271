import type { SandboxClient } from '../login/clients.ts';
import { type AuditLog, createAuditLog } from './audits/audit-log.ts';
import { type AuditQueries, createAuditQueries } from './audits/queries.ts';
import { type Configurations, createConfigurations } from './configurations/configurations.ts';
import {
  createForeignAdministrator,
  type ForeignAdministrator,
} from './configurations/foreign-administrator.ts';
import { createPlatformDeployments, type Deployments } from './deployments/deployments.ts';
import { createGrants, type Grants } from './login/grants.ts';
import { type Conversations, createConversations } from './messages/conversations.ts';
import { createIntegrations, type Integrations } from './messages/integration-store.ts';
import { createMediaStore, type MediaStore } from './messages/media.ts';
import { createPlatformRateLimits, type PlatformRateLimits } from './requests/rate-limits.ts';
import { createSettings, type PlatformOptions, type SettingsHolder } from './settings.ts';
import type { Settings as ChannelSettings } from './webmessaging/settings.ts';

/**
 * The state of the platform: its settings, and what clients and guests have made. A reset replaces
 * all of it, so nothing may hold a part of it across requests.
 */
export interface PlatformWorld {
  readonly now: () => number;
  readonly clients: readonly SandboxClient[];
  readonly settings: SettingsHolder;
  /** The settings of the guest channel that are in effect. */
  readonly channelSettings: () => ChannelSettings;
  readonly grants: Grants;
  readonly rateLimits: PlatformRateLimits;
  /** Messages of every channel; the WebSocket of guests adds to it and listens to it. */
  readonly conversations: Conversations;
  readonly integrations: Integrations;
  readonly media: MediaStore;
  readonly configurations: Configurations;
  readonly foreignAdministrator: ForeignAdministrator;
  readonly deployments: Deployments;
  readonly audits: AuditLog;
  readonly auditQueries: AuditQueries;
}

/** A platform before the first request. @throws Error if the options are not valid */
export function createPlatformWorld(
  clients: readonly SandboxClient[],
  now: () => number,
  options: PlatformOptions,
  channelSettings: () => ChannelSettings,
): PlatformWorld {
  const settings = createSettings(options);
  const audits = createAuditLog(settings);
  const configurations = createConfigurations(settings, audits);
  return {
    now,
    clients,
    settings,
    channelSettings,
    grants: createGrants(),
    rateLimits: createPlatformRateLimits(),
    conversations: createConversations(),
    integrations: createIntegrations(settings),
    media: createMediaStore(settings),
    configurations,
    foreignAdministrator: createForeignAdministrator(configurations),
    deployments: createPlatformDeployments(settings, audits),
    audits,
    auditQueries: createAuditQueries(settings, audits),
  };
}
