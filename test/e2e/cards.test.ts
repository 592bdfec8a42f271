import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runGwm, startWorker } from '../support/gwm.ts';
import { onEnd } from '../support/lifetime.ts';
import { card, openSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/cards.ndjson', import.meta.url));
const ARGS = ['enqueue', 'card-delivery'];

test('gwm delivers the example cards from a file', async () => {
  const system = await openSystem();
  await startWorker(system);

  const { code, stdout, stderr } = await runGwm([...ARGS, EXAMPLES], { env: system.environment });

  expect(stdout.split('\n')).toHaveLength(6);
  expect(stderr).toMatch(/^card-delivery: 6 accepted, 0 duplicates, 0 rejected$/m);
  expect(code).toBe(0);
  await waitFor(() => system.sandbox.stats().byOperation['card.send']?.accepted === 6, { what: 'six cards' });
  expect(system.sandbox.stats()).toMatchObject({
    rejected: 0,
    duplicates: 0,
    outOfOrder: 0,
    unauthorized: 0,
  });
});

test('gwm reports invalid cards with number, field and reason, and accepts the valid ones', async () => {
  const system = await openSystem();
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const lines = [
    JSON.stringify(card()),
    JSON.stringify(card({ fields: { title: 'canary javascript:alert(1)' } })),
    JSON.stringify(card({ fields: 0 })).replace('"fields":0', `"fields":${deep}`),
    JSON.stringify(card({ components: [{ type: 'image', url: 'data:canary' }], template: undefined })),
    JSON.stringify(card({ conversationId: 'conv-2' })),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'gwm-cards-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'cards.ndjson');
  await writeFile(file, lines.join('\n'));

  const { code, stdout, stderr } = await runGwm([...ARGS, file], { env: system.environment });

  expect(code).toBe(1);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toMatch(/^card-delivery: 2 accepted, 0 duplicates, 3 rejected$/m);
  const issues = stderr.split('\n').filter((line) => line.startsWith('line '));
  expect(issues).toEqual([
    expect.stringMatching(/^line 2: fields\.title: blocked by the pattern "javascript.*": .+/),
    expect.stringMatching(/^line 3: fields\.a.*: expected at most 16 levels of nesting, got more$/),
    expect.stringMatching(
      /^line 4: template: .*; components\[0\]\.url: expected an address that begins with/,
    ),
  ]);
  expect(stderr).not.toContain('canary');
});
