import { OperatorError } from '../../core/errors.ts';
import type { SandboxStats } from '../../sandbox/observe/stats.ts';
import { DEFAULT_OPEN_INTEGRATION_ID } from '../../sandbox/platform/messages/settings.ts';
import type { NdjsonLine } from '../ndjson.ts';
import type { Batch } from './batches.ts';

/** A tenant of the demo whose dialect is `platform`. */
export interface PlatformTenant {
  readonly id: string;
  /** Its `platform` in the tenants file. */
  readonly platform: object;
  readonly conversations: number;
  /** Messages of each conversation. */
  readonly messages: number;
}

const DEPLOYMENT = '7d3f2c10-58a4-4b0e-9c61-2f4f0c6c9a11';
const ORIGIN = 'https://www.example.com';

/** One tenant calls the API, and one sends over the WebSocket of guests. */
export const PLATFORM_TENANTS: readonly PlatformTenant[] = [
  {
    id: 'platform-open',
    platform: { route: 'open', open: { integrationId: DEFAULT_OPEN_INTEGRATION_ID } },
    conversations: 6,
    messages: 4,
  },
  {
    id: 'platform-web',
    platform: { route: 'webmessaging', webmessaging: { deploymentId: DEPLOYMENT, origin: ORIGIN } },
    conversations: 4,
    messages: 4,
  },
];

/** Accepted messages, cards and changes of the tenants of each dialect. */
export type DialectCounts = Readonly<Record<'guest' | 'platform', number>>;

/** Gives the second tenant its deployment. */
export async function prepareSandbox(sandboxUrl: string): Promise<void> {
  const deployment = {
    name: 'Demo',
    configuration: { id: 'demo', version: '1' },
    allowedDomains: [new URL(ORIGIN).hostname],
  };
  const response = await fetch(`${sandboxUrl}/__sandbox/platform/deployments`, {
    method: 'PUT',
    body: JSON.stringify({ tenant: 'platform-web', id: DEPLOYMENT, deployment }),
    signal: AbortSignal.timeout(5000),
  });
  if (!response.ok) throw new OperatorError(`The sandbox refused a deployment with ${response.status}.`);
}

/** The messages of these tenants; those of a conversation follow each other. */
export function platformMessages(): Batch {
  const lines = PLATFORM_TENANTS.flatMap(({ id, conversations, messages }) =>
    Array.from({ length: conversations * messages }, (_, index) => ({
      tenantId: id,
      guestId: `guest-${index % conversations}`,
      conversationId: `demo-${index % conversations}`,
      body: { contentType: 'text/plain', content: `Message ${Math.floor(index / conversations) + 1}` },
    })),
  ).map((value, index) => ({ line: index + 1, value }));
  return { kind: 'message-transmission', way: 'library', size: lines.length, read: () => each(lines) };
}

async function* each(lines: readonly NdjsonLine[]): AsyncGenerator<NdjsonLine> {
  yield* lines;
}

export function dialectCounts({ accepted, byTenant }: SandboxStats): DialectCounts {
  const platform = PLATFORM_TENANTS.reduce((sum, { id }) => sum + (byTenant[id]?.accepted ?? 0), 0);
  return { guest: accepted - platform, platform };
}
