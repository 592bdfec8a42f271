import { describe, expect, test } from 'vitest';
import { SERIES_NAMES } from '../../../src/counts/series.ts';
import { setCounts } from './stage.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The number of points, and those with deliveries, by their time. */
function seen(points: readonly { readonly at: string; readonly counts: { readonly delivered: number } }[]) {
  const delivered = points.filter(({ counts }) => counts.delivered > 0);
  return [points.length, Object.fromEntries(delivered.map(({ at, counts }) => [at, counts.delivered]))];
}

describe('the series of a tenant', () => {
  test('has a point for each minute, quarter of an hour or hour, with the counts of its time', async () => {
    const { clock, worker, run, series } = setCounts();
    const counting = worker();
    counting.count(run());
    await counting.flush();
    clock.advance(20 * MINUTE);
    counting.count(run());
    counting.count(run({ kind: 'card-delivery', requestMs: 160 }));
    await counting.flush();

    const [hour, day, week] = await Promise.all(SERIES_NAMES.map((over) => series.ofTenant('acme', over)));

    expect([hour?.stepSeconds, day?.stepSeconds, week?.stepSeconds]).toEqual([60, 900, 3600]);
    expect(seen(hour?.points ?? [])).toEqual([
      61,
      { '2026-01-01T12:59:00.000Z': 1, '2026-01-01T13:19:00.000Z': 2 },
    ]);
    expect(seen(day?.points ?? [])).toEqual([
      97,
      { '2026-01-01T12:45:00.000Z': 1, '2026-01-01T13:15:00.000Z': 2 },
    ]);
    expect(seen(week?.points ?? [])).toEqual([
      169,
      { '2026-01-01T12:00:00.000Z': 1, '2026-01-01T13:00:00.000Z': 2 },
    ]);
    expect(day?.kinds.map(({ kind, points }) => [kind, ...seen(points)])).toEqual([
      ['message-transmission', 97, { '2026-01-01T12:45:00.000Z': 1, '2026-01-01T13:15:00.000Z': 1 }],
      ['card-delivery', 97, { '2026-01-01T13:15:00.000Z': 1 }],
    ]);
    // The middles of the buckets of 80 and 160 ms.
    expect(day?.points.at(-1)?.latency).toEqual({ p50: 86.7, p95: 150, p99: 150 });
    expect(day?.points.at(0)?.latency).toBeNull();
  });

  test('loses a point when Redis still has it, so that no point is ever a part of its time', async () => {
    const { clock, worker, run, series } = setCounts();
    const counting = worker();
    counting.count(run());
    await counting.flush();

    clock.advance(24 * HOUR);
    expect(seen((await series.ofTenant('acme', '24h')).points)[1]).toEqual({ '2026-01-01T12:45:00.000Z': 1 });
    clock.advance(SECOND);
    expect(seen((await series.ofTenant('acme', '24h')).points)[1]).toEqual({});
  });
});

describe('the series of several tenants', () => {
  test('is that of all tenants of all partitions, with times', async () => {
    const { keys, worker, run, series } = setCounts();
    const counting = worker();
    const tenants = ['acme', 'globex', 'initech', 'hooli', 'umbrella'];
    for (const tenantId of tenants) counting.count(run({ tenantId }));
    await counting.flush();
    expect(new Set(tenants.map(keys.layout.homeOf)).size).toBe(2);

    const last = (await series.ofAll('7d')).points.at(-1);

    expect(last).toMatchObject({ counts: { delivered: 5 }, latency: { p50: 86.7, p95: 86.7, p99: 86.7 } });
  });

  test('has only the tenants that are asked for; counts alone for more than one', async () => {
    const { worker, run, series } = setCounts();
    const counting = worker();
    for (const tenantId of ['acme', 'globex', 'initech']) counting.count(run({ tenantId }));
    await counting.flush();

    const two = (await series.ofTenants(['acme', 'globex'], '1h')).points.at(-1);
    const one = (await series.ofTenants(['acme'], '1h')).points.at(-1);

    expect(two).toMatchObject({ counts: { delivered: 2 }, latency: null, jobLatency: null });
    expect(one).toMatchObject({ counts: { delivered: 1 }, latency: { p50: 86.7 } });
    expect((await series.ofTenants([], '1h')).points).toHaveLength(61);
  });
});
