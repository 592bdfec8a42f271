import { z } from 'zod';
import { listOf, textOf } from '../../../core/shapes.ts';

/** A deployment that exists without any setting. It accepts every Origin. */
export const DEFAULT_DEPLOYMENT_ID = '5f0c8d1e-2b7a-4c39-9d54-7e61a0b3c2f8';

/** A deployment as the channel sees it: its configuration and the domains that may use it. */
export const deploymentSchema = z.strictObject({
  id: textOf({ min: 1 }),
  /** Whose organization it belongs to. Absent: that of the first client of the platform. */
  tenant: textOf({ min: 1 }).exactOptional(),
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
  /** What the public configuration says about files. Absent: what the settings allow. */
  uploadModes: z
    .array(
      z.strictObject({
        fileTypes: z.array(z.enum(['image/jpeg', 'image/gif', 'image/png'])).exactOptional(),
        maxFileSizeKB: z.int().min(0).exactOptional(),
      }),
    )
    .exactOptional(),
  auth: z
    .strictObject({ enabled: z.boolean().default(false), allowSessionUpgrade: z.boolean().default(false) })
    .prefault({}),
  journeyEvents: z.boolean().default(false),
});

export type Deployment = z.infer<typeof deploymentSchema>;

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
