import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Leftovers, watchLeftovers } from './leftovers.ts';
import type { TestProcess } from './processes.ts';
import { message } from './system.ts';
import { waitFor } from './wait-for.ts';

/** The last line of `gwm demo --json`. */
export interface DemoOutput {
  readonly queues: Record<string, { enqueued: number; delivered: number; failed: number }>;
  readonly ingest: Record<'library' | 'http' | 'cloudEvents' | 'replayed', number>;
  readonly callbacks: Record<'verified' | 'failed' | 'duplicates', number>;
  readonly sandbox: Record<'accepted' | 'duplicates' | 'outOfOrder' | 'rateLimited', number>;
  readonly dialects: Record<'guest' | 'platform', number>;
  readonly audit: { readonly ownRecords: number; readonly syncedRecords: number; readonly verified: boolean };
  readonly seconds: number;
}

/** The example jobs that each tenant gets beside its messages. */
export const CARDS = 6;
export const EMBEDS = 4;
/**
 * The rollouts of one tenant: a configuration for 20 organizations, a deployment, and the sync of
 * their audit records.
 */
export const ROLLOUTS = 2;
export const SYNCS = 1;
/** Writes to the organizations, the request for their replication, and the deployment. */
export const CHANGES = 22;
/**
 * Jobs that the rollout starts: the organizations, the replication, the look-up of audit records.
 */
export const STEPS = 22;
/** Messages of the tenants of the dialect `platform`: 24 by the API, 16 over the WebSocket. */
export const PLATFORM_MESSAGES = 40;
/** Without the REDIS_URL of the machine. */
export function ownRedis({ env }: Leftovers): Record<string, string | undefined> {
  return { ...env, REDIS_URL: undefined };
}

/** A file with this number of messages of this number of tenants. */
export async function writeMessages(
  count: number,
  tenants: number,
  change: (lines: string[]) => void = () => {},
): Promise<string> {
  const { env } = await watchLeftovers();
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify(message({ tenantId: `tenant-${n % tenants}`, conversationId: `conv-${n % 20}` })),
  );
  change(lines);
  const file = join(env['TMPDIR'] ?? '', 'messages.ndjson');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

/** The rows of a demo without failures. */
export function allDelivered({
  messages,
  tenants,
}: {
  messages: number;
  tenants: number;
}): DemoOutput['queues'] {
  const row = (count: number) => ({ enqueued: count, delivered: count, failed: 0 });
  return {
    'message-transmission': row(messages + PLATFORM_MESSAGES),
    'card-delivery': row(CARDS * tenants),
    'embed-generation': row(EMBEDS * tenants),
    'config-rollout': row(ROLLOUTS),
    'audit-sync': row(SYNCS),
    'webhook-delivery': row(messages + PLATFORM_MESSAGES + (CARDS + EMBEDS) * tenants + ROLLOUTS + SYNCS),
  };
}

export function lastLineOf({ stdout }: TestProcess): DemoOutput {
  return JSON.parse(stdout.at(-1) ?? '') as DemoOutput;
}

export async function expectNothingLeft(leftovers: Leftovers): Promise<void> {
  // The shell that watches the private Redis may end after the demo.
  await untilAllEnded(leftovers);
  expect(await leftovers.files()).toEqual([]);
}

export async function untilAllEnded({ processes }: Leftovers): Promise<void> {
  const allEnded = async () => {
    const left = await processes();
    if (left.length > 0)
      throw new Error(`still running: ${left.map((line) => line.slice(0, 120)).join('; ')}`);
    return true;
  };
  await waitFor(allEnded, { what: 'the end of all that the demo started' });
}
