import type { JobKind } from '../../jobs/catalog.ts';
import { type NdjsonLine, openNdjson } from '../ndjson.ts';
import { exampleFile } from './examples.ts';
import type { Scenario } from './scenario.ts';

/** How jobs come in: by the producer library, `POST /v1/batch`, or `POST /v1/events`. */
export type Way = 'library' | 'http' | 'cloudEvents';

/** Lines for one queue, handed over together. */
export interface Batch {
  readonly kind: JobKind;
  readonly way: Way;
  /** How many lines it has. */
  readonly size: number;
  /** Reads the lines, each time from the first one. */
  read(): AsyncIterable<NdjsonLine>;
}

const CARDS = exampleFile('cards.ndjson');
const EMBEDS = exampleFile('embeds.ndjson');
const ROLLOUTS = exampleFile('rollouts.ndjson');
const AUDIT_SYNC = exampleFile('audit-sync.ndjson');

/** The most messages that come as CloudEvents. */
const EVENTS = 20;

/**
 * The batches of the demo, in order. A third of the messages comes by `POST /v1/batch`, and twenty as
 * CloudEvents. The library hands over one half of the others before them, and one after them. So a
 * conversation gets messages by several ways. The cards and embed codes of the examples for each
 * tenant, and the rollouts for the first tenant, come amid the messages.
 */
export async function batchesOf(scenario: Scenario): Promise<Batch[]> {
  const { messages } = scenario;
  const http = Math.ceil(messages / 3);
  const cloudEvents = Math.min(EVENTS, Math.floor(messages / 3));
  const first = Math.ceil((messages - http - cloudEvents) / 2);
  const cards = await forEachTenant(scenario, CARDS, inConversation);
  const embeds = await forEachTenant(scenario, EMBEDS, asItIs);
  const rollouts = await forFirstTenant(scenario, ROLLOUTS);
  return [
    messagesOf(scenario, 'library', 0, first),
    examplesOf('card-delivery', cards),
    examplesOf('embed-generation', embeds),
    examplesOf('config-rollout', rollouts),
    messagesOf(scenario, 'http', first, first + http),
    messagesOf(scenario, 'cloudEvents', first + http, first + http + cloudEvents),
    messagesOf(scenario, 'library', first + http + cloudEvents, messages),
  ];
}

/** The last batch, after all others ended: it syncs the audit records of the rollouts. */
export async function auditBatchOf(scenario: Scenario): Promise<Batch> {
  const syncs = await forFirstTenant(scenario, AUDIT_SYNC);
  return examplesOf('audit-sync', syncs);
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

function examplesOf(kind: JobKind, lines: readonly NdjsonLine[]): Batch {
  return { kind, way: 'library', size: lines.length, read: () => each(lines) };
}

/** The messages between two positions of the file. */
function messagesOf({ file }: Scenario, way: Way, from: number, to: number): Batch {
  return { kind: 'message-transmission', way, size: to - from, read: () => readMessages(file, from, to) };
}

/** The callbacks of the messages go to the receiver of the demo alone. */
async function* readMessages(file: string, from: number, to: number): AsyncGenerator<NdjsonLine> {
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
