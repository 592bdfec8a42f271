import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { GWM } from '../support/gwm.ts';
import { startProcess } from '../support/processes.ts';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const NAMES = [
  'throughput',
  'latency',
  'enqueue',
  'ingest',
  'callbacks',
  'noisy-neighbour',
  'utilisation',
  'order',
  'recovery',
  'growth',
  'restart',
  'memory',
  'sizes',
  'cluster',
  'audit',
  'profile',
];
const HALF = NAMES.indexOf('utilisation');
/** Benchmarks without a target. */
const FOR_INFORMATION: ReadonlySet<string> = new Set(['latency', 'sizes']);

describe('the benchmarks', () => {
  test('print one line each, with ours and the reference', { timeout: 1_200_000 }, async () => {
    // The figures do not matter here, so half of the benchmarks run beside the others.
    const halves = await Promise.all([runQuickly(NAMES.slice(0, HALF)), runQuickly(NAMES.slice(HALF))]);

    const results = halves.flat();
    expect(results.map(({ name }) => name)).toEqual(NAMES);
    for (const result of results) {
      expect(result).toMatchObject({
        ours: expect.any(Number),
        reference: expect.any(Number),
        ratio: expect.any(Number),
        unit: expect.any(String),
      });
      if (!FOR_INFORMATION.has(result.name)) expect(result).toMatchObject({ target: expect.any(Object) });
    }
    // The figures depend on the machine. These counts do not.
    const resultOf = (name: string) => results.find((result) => result.name === name);
    expect(resultOf('order')).toMatchObject({ outOfOrder: 0 });
    expect(resultOf('recovery')).toMatchObject({ inHand: expect.any(Number), lost: 0 });
    expect(resultOf('restart')).toMatchObject({ lost: 0, repeats: 0 });
    // A loaded machine may bunch requests up, and they get a 429 then.
    expect(resultOf('utilisation')).toMatchObject({ duplicates: 0, outOfOrder: 0 });
  });

  test('reject an unknown name, and list the existing ones', async () => {
    const bench = startProcess(process.execPath, [MAIN, 'speed'], {});
    expect(await bench.exit).toMatchObject({ code: 1 });
    expect(bench.stderr.join('\n')).toBe(`No benchmark speed. There are: ${NAMES.join(', ')}.`);
  });
});

async function runQuickly(names: readonly string[]) {
  const bench = startProcess(process.execPath, [MAIN, ...names, '--quick', '--json', '--program', GWM]);
  expect(await bench.exit).toMatchObject({ code: 0 });
  return bench.stdout.map((line) => JSON.parse(line));
}
