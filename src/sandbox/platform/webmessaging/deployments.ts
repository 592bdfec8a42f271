import { z } from 'zod';
import { listOf, textOf } from '../../../core/shapes.ts';

/** A deployment that exists without any setting. It accepts every Origin. */
export const DEFAULT_DEPLOYMENT_ID = '5f0c8d1e-2b7a-4c39-9d54-7e61a0b3c2f8';

/** A deployment as the channel sees it: its configuration and the domains that may use it. */
export const deploymentSchema = z.strictObject({
  id: textOf({ min: 1 }),
  status: z.enum(['Active', 'Inactive']).default('Active'),
  allowAllDomains: z.boolean().default(true),
  /** Host names without scheme and port. A sub-domain of one of them is allowed too. */
  allowedDomains: z.array(z.string()).default([]),
  version: z.string().default('1'),
  languages: listOf(z.string(), { min: 1 }).default(['en-us']),
  defaultLanguage: z.string().default('en-us'),
  messengerEnabled: z.boolean().default(true),
  conversationsEnabled: z.boolean().default(true),
  autoStart: z.boolean().default(false),
  /** Whether the platform tells the guest that the conversation has ended, and what it allows then. */
  conversationDisconnect: z
    .strictObject({
      enabled: z.boolean().default(false),
      type: z.enum(['Send', 'ReadOnly']).default('ReadOnly'),
    })
    .prefault({}),
  conversationClear: z.boolean().default(false),
  showUserTypingIndicator: z.boolean().default(true),
  /** Absent: the setting `session.durationSeconds`. */
  sessionDurationSeconds: z.int().min(1).exactOptional(),
  attachments: z.boolean().default(true),
  auth: z
    .strictObject({ enabled: z.boolean().default(false), allowSessionUpgrade: z.boolean().default(false) })
    .prefault({}),
  journeyEvents: z.boolean().default(false),
});

export type Deployment = z.infer<typeof deploymentSchema>;

/** A deployment whose absent fields have their defaults. */
export type DeploymentInput = z.input<typeof deploymentSchema>;

/** The deployments that tests set. */
export interface DeploymentList {
  find(id: string): Deployment | undefined;
  all(): Deployment[];
  set(deployment: Deployment): void;
}

/** @param findOther finds a deployment that a client made with the API; a list of tests comes first. */
export function createDeploymentList(
  deployments: readonly Deployment[],
  findOther: (id: string) => DeploymentInput | undefined,
): DeploymentList {
  const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  return {
    find(id) {
      const other = byId.has(id) ? undefined : findOther(id);
      return other ? deploymentSchema.parse(other) : byId.get(id);
    },
    all: () => [...byId.values()],
    set: (deployment) => void byId.set(deployment.id, deployment),
  };
}

/**
 * Whether a page of this origin may use the deployment. Only the host name counts. How the platform
 * treats a port is unknown.
 */
export function allowsOrigin(deployment: Deployment, origin: string): boolean {
  if (deployment.allowAllDomains) return true;
  const host = hostOf(origin);
  if (host === undefined) return false;
  return deployment.allowedDomains.some((domain) => {
    const allowed = domain.toLowerCase();
    return host === allowed || host.endsWith(`.${allowed}`);
  });
}

function hostOf(origin: string): string | undefined {
  // The official mobile client sends a bare host.
  const url = origin.includes('://') ? origin : `https://${origin}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
