import type { JobKind } from '../../jobs/catalog.ts';
import { type NdjsonLine, openNdjson } from '../ndjson.ts';
import { exampleFile } from './examples.ts';
import type { Scenario } from './scenario.ts';

/** Lines for one queue, enqueued together. */
export interface Batch {
  readonly kind: JobKind;
  /** How many lines it has. */
  readonly size: number;
  readonly lines: AsyncIterable<NdjsonLine>;
}

const CARDS = exampleFile('cards.ndjson');
const EMBEDS = exampleFile('embeds.ndjson');
const ROLLOUTS = exampleFile('rollouts.ndjson');
const AUDIT_SYNC = exampleFile('audit-sync.ndjson');

/**
 * The batches of the demo, in order: half of the messages, the cards and embed codes of the
 * examples for each tenant, the rollouts for the first tenant, and the other messages. So cards are
 * amid the messages of their conversation.
 */
export async function batchesOf(scenario: Scenario): Promise<Batch[]> {
  const { messages } = scenario;
  const half = Math.ceil(messages / 2);
  const cards = await forEachTenant(scenario, CARDS, inConversation);
  const embeds = await forEachTenant(scenario, EMBEDS, asItIs);
  const rollouts = await forFirstTenant(scenario, ROLLOUTS);
  return [
    { kind: 'message-transmission', size: half, lines: messagesOf(scenario, 0, half) },
    { kind: 'card-delivery', size: cards.length, lines: each(cards) },
    { kind: 'embed-generation', size: embeds.length, lines: each(embeds) },
    { kind: 'config-rollout', size: rollouts.length, lines: each(rollouts) },
    { kind: 'message-transmission', size: messages - half, lines: messagesOf(scenario, half, messages) },
  ];
}

/** The last batch, after all others ended: it syncs the audit records of the rollouts. */
export async function auditBatchOf(scenario: Scenario): Promise<Batch> {
  const syncs = await forFirstTenant(scenario, AUDIT_SYNC);
  return { kind: 'audit-sync', size: syncs.length, lines: each(syncs) };
}

type Entry = Readonly<Record<string, unknown>>;

/** Changes an example for a tenant; `conversations` are those of the tenant's messages. */
type Change = (example: Entry, index: number, conversations: readonly string[]) => Entry;

/** Every second card goes to a conversation with messages, the others to one of their own. */
const inConversation: Change = (card, index, conversations) => {
  const conversationId = conversations[(index >> 1) % conversations.length];
  return index % 2 === 0 && conversationId !== undefined ? { ...card, conversationId } : card;
};

const asItIs: Change = (example) => example;

async function forFirstTenant({ tenants, ...scenario }: Scenario, file: string) {
  return await forEachTenant({ ...scenario, tenants: new Map([...tenants].slice(0, 1)) }, file, asItIs);
}

async function forEachTenant(
  { tenants }: Scenario,
  file: string,
  change: Change,
): Promise<(NdjsonLine & { readonly value: Entry })[]> {
  const examples: { line: number; value: Entry }[] = [];
  for await (const { line, value } of (await openNdjson(file)).lines) {
    examples.push({ line, value: value as Entry });
  }
  return [...tenants].flatMap(([tenantId, { conversations }]) =>
    examples.map(({ line, value }, index) => ({
      line,
      value: { ...change(value, index, conversations), tenantId },
    })),
  );
}

/**
 * The messages between two positions of the file. Their callbacks go to the receiver of the demo
 * alone.
 */
async function* messagesOf({ file }: Scenario, from: number, to: number): AsyncGenerator<NdjsonLine> {
  let index = 0;
  for await (const line of (await openNdjson(file)).lines) {
    if (index >= to) return;
    if (index++ >= from) yield withoutCallback(line);
  }
}

function withoutCallback(entry: NdjsonLine): NdjsonLine {
  const { line, value } = entry;
  if (typeof value !== 'object' || value === null || !('callback' in value)) return entry;
  const { callback: _, ...message } = value;
  return { line, value: message };
}

async function* each(lines: readonly NdjsonLine[]): AsyncGenerator<NdjsonLine> {
  yield* lines;
}
