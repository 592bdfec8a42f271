import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../support/clock.ts';
import { startProcess } from '../../support/processes.ts';
import { DATABASES, readAll, record, records } from './stores.ts';

const WRITER = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

describe.for(DATABASES)('several writers on one audit store in $name', ({ openTestStore }) => {
  test('never fork a chain, and add each record once', async () => {
    const { store, open } = await openTestStore();
    const writers = [store, await open(), await open()];
    const batches = (tenantId: string) =>
      Array.from({ length: 8 }, (_, batch) => records(20, { tenantId }, `batch-${batch}`));

    // Two writers get each batch, with its tenants in different orders.
    const answers = await Promise.all(
      batches('acme').flatMap((its, batch) => {
        const others = batches('globex')[batch] ?? [];
        const [one, other] = [writers[batch % 3] ?? store, writers[(batch + 1) % 3] ?? store];
        return [one.append([...its, ...others]), other.append([...others, ...its])];
      }),
    );

    expect(answers.reduce((sum, { added }) => sum + added, 0)).toBe(320);
    expect(answers.reduce((sum, { known }) => sum + known, 0)).toBe(320);
    for (const tenantId of ['acme', 'globex']) {
      expect(await store.verify(tenantId)).toEqual({ ok: true, records: 160 });
    }
  });

  test('may be processes, and one may die between its batches', async () => {
    const { store, url } = await openTestStore();
    const start = (name: string) => startProcess(process.execPath, [WRITER, url, name, '40']);
    const [one, other, killed] = [start('one'), start('other'), start('killed')];

    await killed.line(/^appended 3$/);
    killed.kill('SIGKILL');

    expect(await Promise.all([one.exit, other.exit])).toEqual(Array(2).fill({ code: 0, signal: null }));
    await killed.exit;
    const verified = await store.verify('acme');
    expect(verified.ok).toBe(true);
    // Batches of five, each stored as a whole.
    expect(verified.records % 5).toBe(0);
    expect(verified.records).toBeGreaterThanOrEqual(2 * 40 * 5 + 3 * 5);
  });

  test('create the partition of a month once', async () => {
    const { store, open } = await openTestStore();
    const writers = [store, await open(), await open()];
    const months = ['2031-01', '2031-02', '2031-03'];

    await Promise.all(
      writers.map((writer, index) =>
        writer.append(
          months.map((month) => record({ id: `${month}-${index}`, occurredAt: `${month}-28T23:59:59.999Z` })),
        ),
      ),
    );

    expect(await store.verify('acme')).toEqual({ ok: true, records: 9 });
  });

  test('and a prune at the same time leave a sound chain', async () => {
    const clock = createManualClock();
    const { store, open } = await openTestStore({ clock });
    await store.append(records(200));
    clock.advance(1000);
    const pruner = await open({ clock });

    const [pruned] = await Promise.all([
      pruner.prune('acme', new Date(clock.now())),
      ...Array.from({ length: 5 }, (_, batch) => store.append(records(10, {}, `batch-${batch}`))),
    ]);

    expect(pruned).toBe(200);
    expect(await store.verify('acme')).toEqual({ ok: true, records: 50 });
  });
});

type Step =
  | { readonly kind: 'append'; readonly ids: readonly number[] }
  | { readonly kind: 'prune'; readonly age: number };

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('append'), ids: fc.array(fc.nat(40), { maxLength: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune'), age: fc.nat(6) }) },
) as fc.Arbitrary<Step>;

describe.for(DATABASES)('after any appends and prunes in $name', ({ openTestStore }) => {
  test('the chain is sound and holds the expected records', async () => {
    const clock = createManualClock();
    const { store } = await openTestStore({ clock });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        run += 1;
        const tenantId = `tenant-${run}`;
        let model: { id: string; sequence: number; atMs: number }[] = [];
        let sequence = 0;
        for (const taken of steps) {
          clock.advance(1000);
          if (taken.kind === 'prune') {
            const olderThan = clock.now() - taken.age * 1000;
            await store.prune(tenantId, new Date(olderThan));
            model = model.filter(({ atMs }) => atMs >= olderThan);
            continue;
          }
          const batch = taken.ids.map((id) => record({ tenantId, id: `id-${id}`, details: { id } }));
          const { added, known } = await store.append(batch);
          const fresh = [...new Set(batch.map(({ id }) => id))].filter(
            (id) => !model.some((one) => one.id === id),
          );
          expect({ added, known }).toEqual({ added: fresh.length, known: batch.length - fresh.length });
          for (const id of fresh) model.push({ id, sequence: ++sequence, atMs: clock.now() });
        }
        expect(await store.verify(tenantId)).toEqual({ ok: true, records: model.length });
        const stored = await readAll(store, { tenantId });
        expect(stored.map(({ id, sequence: place }) => [id, place])).toEqual(
          model.map(({ id, sequence: place }) => [id, place]),
        );
      }),
      { numRuns: 30 },
    );
  });
});
