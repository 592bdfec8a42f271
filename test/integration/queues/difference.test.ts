import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const KEYED = message({ idempotencyKey: 'order-1' });
const LONG = 'word '.repeat(1500);

describe('a known idempotency key', () => {
  test('with the same content is a plain duplicate', async () => {
    const producer = (await openSystem()).openProducer();
    const first = await producer.enqueue(KIND, KEYED);
    expect(await producer.enqueue(KIND, { ...KEYED })).toEqual({ ...first, status: 'duplicate' });
  });

  test.each<[string, object]>([
    ['another text', { body: text('another text') }],
    ['an expiry', { expiresAt: '2126-01-01T00:00:00Z' }],
    ['another conversation', { conversationId: 'conv-2' }],
    ['another callback', { callback: { url: 'https://events.example/hook' } }],
    [
      'one more attachment',
      {
        attachments: [
          { url: 'https://files.example/a.png', contentType: 'image/png', fileName: 'a.png', sizeBytes: 1 },
        ],
      },
    ],
  ])('with %s has another content', async (_what, fields) => {
    const producer = (await openSystem()).openProducer();
    await producer.enqueue(KIND, KEYED);
    expect(await producer.enqueue(KIND, { ...KEYED, ...fields } as never)).toMatchObject({
      status: 'duplicate',
      isDifferent: true,
    });
  });

  test('has another content within one batch', async () => {
    const system = await openSystem();
    const reports: unknown[] = [];
    await system.openProducer().enqueueMany(KIND, [KEYED, KEYED, { ...KEYED, body: text('other') }], {
      onEntry: (entry) => void reports.push('isDifferent' in entry),
    });
    expect(reports).toEqual([false, false, true]);
  });

  test.each<[string, string]>([
    ['is longer', `${LONG}${LONG}`],
    ['is shorter', 'word '.repeat(1000)],
    ['differs in its last part', `${LONG}end`],
  ])('of a split text has another content if it %s', async (_how, content) => {
    const producer = (await openSystem()).openProducer();
    const split = (words: string) => ({ ...KEYED, split: true, body: text(words) });
    await producer.enqueue(KIND, split(LONG));
    expect(await producer.enqueue(KIND, split(LONG))).not.toHaveProperty('isDifferent');
    expect(await producer.enqueue(KIND, split(content))).toHaveProperty('isDifferent', true);
  });

  test('has another content after its job was delivered and removed', async () => {
    const system = await openSystem({ environment: { KEEP_COMPLETED: '0' } });
    await startWorker(system);
    const producer = system.openProducer();
    const { jobIds } = await producer.enqueue(KIND, KEYED);
    const queue = system.queues.of(KIND, 'acme');
    await waitFor(
      async () => system.sandbox.stats().accepted === 1 && !(await queue.getJob(jobIds[0] ?? '')),
      {
        what: 'the end of the job',
      },
    );

    expect(await producer.enqueue(KIND, KEYED)).not.toHaveProperty('isDifferent');
    expect(await producer.enqueue(KIND, { ...KEYED, body: text('other') })).toMatchObject({
      status: 'duplicate',
      isDifferent: true,
    });
  });
});

describe('gwm enqueue', () => {
  test('warns of a line whose key has another content, and accepts the others', async () => {
    const system = await openSystem();
    const file = join(tmpdir(), `${system.redis.prefix}.ndjson`);
    const lines = [KEYED, { ...KEYED, body: text('other') }, message()];
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));

    const { code, stdout, stderr } = await runCommand(['enqueue', KIND, file], { env: system.environment });

    expect(code).toBe(0);
    expect(stderr).toMatch(/^line 2: duplicate of \w+, whose content differs; this line was not taken$/m);
    expect(stderr).toContain('2 accepted, 1 duplicates, 0 rejected');
    expect(stdout + stderr).not.toContain('order-1');
  });

  test('reports a line whose time is over', async () => {
    const system = await openSystem();
    const file = join(tmpdir(), `${system.redis.prefix}-expired.ndjson`);
    const lines = [message(), message({ expiresAt: '2020-01-01T00:00:00Z' })];
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));

    const { code, stderr } = await runCommand(['enqueue', KIND, file], { env: system.environment });

    expect(code).toBe(1);
    expect(stderr).toContain('line 2: expiresAt: expected a time in the future');
  });
});
