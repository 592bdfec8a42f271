import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { auditBatchOf, type Batch, batchesOf } from '../../../../src/cli/demo/batches.ts';
import { readScenario, type Scenario } from '../../../../src/cli/demo/scenario.ts';
import type { NdjsonLine } from '../../../../src/cli/ndjson.ts';

type Line = NdjsonLine & { readonly value: Record<string, unknown> };

/** The batches for a file with these lines, each with its own lines. */
async function batchesFor(...lines: (object | string)[]) {
  return await Promise.all((await batchesOf(await scenarioOf(...lines))).map(read));
}

async function scenarioOf(...lines: (object | string)[]): Promise<Scenario> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-batches-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'messages.ndjson');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(file, texts.join('\n'));
  return await readScenario(file);
}

async function read({ kind, size, lines }: Batch) {
  const all: Line[] = [];
  for await (const line of lines) all.push(line as Line);
  return { kind, size, lines: all };
}

function message(tenantId: string, conversationId: string) {
  return { tenantId, conversationId };
}

test('cards, embed codes and rollouts come after the first half of the messages, in order', async () => {
  const messages = [1, 2, 3, 4, 5].map((n) => message('acme', `conv-${n}`));

  const batches = await batchesFor(...messages);

  expect(batches.map(({ kind, size }) => [kind, size])).toEqual([
    ['message-transmission', 3],
    ['card-delivery', 6],
    ['embed-generation', 4],
    ['config-rollout', 2],
    ['message-transmission', 2],
  ]);
  expect(batches.map(({ lines }) => lines.length)).toEqual([3, 6, 4, 2, 2]);
  const [first, , , , last] = batches;
  expect([...(first?.lines ?? []), ...(last?.lines ?? [])]).toEqual(
    messages.map((value, index) => ({ line: index + 1, value })),
  );
});

test('every tenant gets every example, and half of the cards go to its busiest conversations', async () => {
  const [, cards, embeds] = await batchesFor(
    message('acme', 'quiet'),
    ...['one', 'two', 'three'].flatMap((name) => [message('acme', name), message('acme', name)]),
    message('globex', 'only'),
  );

  const tenantsOf = (lines: readonly Line[] = []) => lines.map(({ value }) => value['tenantId']);
  expect(tenantsOf(cards?.lines)).toEqual([...Array(6).fill('acme'), ...Array(6).fill('globex')]);
  expect(tenantsOf(embeds?.lines)).toEqual([...Array(4).fill('acme'), ...Array(4).fill('globex')]);
  const shared = cards?.lines
    .map(({ value }) => value['conversationId'])
    .filter((_, index) => index % 2 === 0);
  expect(shared).toEqual(['one', 'two', 'three', 'only', 'only', 'only']);
});

test('a line without a message keeps its number and error, and adds no tenant', async () => {
  const [first, cards, , , last] = await batchesFor(
    'no JSON',
    '["acme"]',
    { tenantId: 'not a name', conversationId: 'c' },
    message('acme', 'c'),
  );

  expect(first?.lines).toEqual([
    { line: 1, issue: 'expected JSON, one job on the line' },
    { line: 2, value: ['acme'] },
  ]);
  expect(last?.lines.map(({ line }) => line)).toEqual([3, 4]);
  expect(cards?.size).toBe(6);
});

test('the rollouts and the sync of their audit records are for the first tenant', async () => {
  const scenario = await scenarioOf(message('acme', 'c'), message('globex', 'c'));
  const [, , , rollouts] = await Promise.all((await batchesOf(scenario)).map(read));
  const sync = await read(await auditBatchOf(scenario));

  const changed = rollouts?.lines.find(({ value }) => 'organizationIds' in value)?.value['organizationIds'];
  expect(changed).toHaveLength(20);
  expect(sync).toMatchObject({
    kind: 'audit-sync',
    size: 1,
    lines: [{ value: { tenantId: 'acme', organizationIds: changed } }],
  });
  expect(rollouts?.lines.map(({ value }) => value['tenantId'])).toEqual(['acme', 'acme']);
});

test('every message reports to the receiver of the demo only', async () => {
  const callback = { url: 'https://hooks.example', events: ['failed'] };

  const [first] = await batchesFor({ ...message('acme', 'c'), callback });

  expect(first?.lines).toEqual([{ line: 1, value: message('acme', 'c') }]);
});
