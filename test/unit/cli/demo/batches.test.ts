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

async function read({ kind, way, size, read }: Batch) {
  const lines: Line[] = [];
  for await (const line of read()) lines.push(line as Line);
  return { kind, way, size, lines };
}

function message(tenantId: string, conversationId: string) {
  return { tenantId, conversationId };
}

function messages(count: number) {
  return Array.from({ length: count }, (_, n) => message('acme', `conv-${n}`));
}

test('a third of the messages comes by HTTP, twenty as CloudEvents, the others by the library, in order', async () => {
  const batches = await batchesFor(...messages(70));

  expect(batches.map(({ kind, way, size }) => [kind, way, size])).toEqual([
    ['message-transmission', 'library', 13],
    ['card-delivery', 'library', 6],
    ['embed-generation', 'library', 4],
    ['config-rollout', 'library', 2],
    ['message-transmission', 'http', 24],
    ['message-transmission', 'cloudEvents', 20],
    ['message-transmission', 'library', 13],
  ]);
  expect(batches.map(({ lines }) => lines.length)).toEqual([13, 6, 4, 2, 24, 20, 13]);
  const sent = batches.filter(({ kind }) => kind === 'message-transmission').flatMap(({ lines }) => lines);
  expect(sent).toEqual(messages(70).map((value, index) => ({ line: index + 1, value })));
});

test.each([
  [1, [0, 1, 0, 0]],
  [2, [1, 1, 0, 0]],
  [3, [1, 1, 1, 0]],
  [10, [2, 4, 3, 1]],
])('%i messages are enough to share', async (count, sizes) => {
  const batches = await batchesFor(...messages(count));

  const shares = batches.filter(({ kind }) => kind === 'message-transmission');
  expect(shares.map(({ size }) => size)).toEqual(sizes);
});

test('a batch can be read again', async () => {
  const all = await batchesOf(await scenarioOf(...messages(9)));
  const [batch] = all.filter(({ way }) => way === 'http');

  expect(batch && (await read(batch))).toEqual(batch && (await read(batch)));
  expect(batch?.size).toBe(3);
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
  const [library, cards, , , http, events] = await batchesFor(
    'no JSON',
    '["acme"]',
    { tenantId: 'not a name', conversationId: 'c' },
    message('acme', 'c'),
  );

  expect(library?.lines).toEqual([{ line: 1, issue: 'expected JSON, one job on the line' }]);
  expect(http?.lines.map(({ line }) => line)).toEqual([2, 3]);
  expect(events?.lines.map(({ line }) => line)).toEqual([4]);
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

  const batches = await batchesFor({ ...message('acme', 'c'), callback });

  const [http] = batches.filter(({ way }) => way === 'http');
  expect(http?.lines).toEqual([{ line: 1, value: message('acme', 'c') }]);
});
