import { describe, expect, test } from 'vitest';
import { runTop, type TopOptions } from '../../../../src/cli/top/run-top.ts';
import { openScreen, type Screen } from '../../../../src/cli/top/screen.ts';
import { topLines } from '../../../../src/cli/top/top-lines.ts';
import { sampleOverview } from '../../../../src/http/routes/overview-samples.ts';
import type { Overview, Snapshot } from '../../../../src/survey/overview.ts';
import type { TenantState } from '../../../../src/survey/tenant-state.ts';

const sample = sampleOverview.tenants[0] as TenantState;

function overviewWith(tenants: readonly Partial<TenantState>[]): Overview {
  const ids = tenants.map((tenant, index) => ({ ...sample, id: `tenant-${index}`, ...tenant }));
  return { ...(sampleOverview as Overview), tenants: ids };
}

/** A stream that keeps what is written to it. */
function screenOf(
  size: { readonly rows?: number; readonly columns?: number; readonly isTTY?: boolean } = {},
) {
  const written: string[] = [];
  const stream: Screen = { ...size, write: (text) => written.push(text) };
  return { stream, written };
}

describe('the lines of gwm top', () => {
  test('have the totals, each tenant, each worker, and the endpoints in trouble', () => {
    const text = topLines(sampleOverview as Overview).join('\n');

    expect(text).toContain('2026-03-01 09:31:04   1 tenants   15 waiting');
    expect(text).toMatch(/acme +paused: rate-limited +15 /);
    expect(text).toMatch(/host-a-4711-5f0c2d9e +0\.1\.0 +2 /);
    expect(text).toMatch(/https:\/\/crm\.acme\.example\S* +acme +disabled/);
  });

  test('show a worker of an earlier version, and a text that would control the terminal as an escape', () => {
    const worker = { name: 'old', version: null, queues: null, inHand: null, startedAt: null, beatAt: null };
    const overview = { ...overviewWith([{ id: 'a\u001b[2J' }]), workers: [worker] };

    const text = topLines(overview).join('\n');

    expect(text).toMatch(/^old +- +- /m);
    expect(text).toContain('a\\u001b[2J');
    expect(text).not.toContain('\u001b');
  });

  test('fit the screen: tenants that stand still come first, and then those with most jobs', () => {
    const tenants = Array.from({ length: 1000 }, (_, waiting) => ({
      state: 'running',
      reason: null,
      waiting,
    }));
    const overview = overviewWith([
      ...(tenants as Partial<TenantState>[]),
      { id: 'stuck', state: 'suspended', waiting: 1 },
    ]);

    const lines = topLines(overview, { rows: 24 });

    expect(lines.length).toBeLessThanOrEqual(24);
    const ids = lines.map((line) => line.split(' ')[0]).filter((word) => /^(tenant-|stuck)/.test(word ?? ''));
    expect(ids.slice(0, 3)).toEqual(['stuck', 'tenant-999', 'tenant-998']);
    expect(lines).toContain(`… and ${1001 - ids.length} more tenants`);
    expect(topLines(overview).length).toBeGreaterThan(1001);
  });
});

describe('the screen', () => {
  test('is drawn in place on a terminal, cut to its size, with one write each', () => {
    const { stream, written } = screenOf({ isTTY: true, rows: 3, columns: 4 });
    const screen = openScreen(stream);

    screen.show(['abcdef', 'b', 'c', 'd']);
    screen.show(['x']);

    expect(written).toEqual([
      '\u001b[2J\u001b[Habcd\u001b[K\nb\u001b[K\n\u001b[J',
      '\u001b[Hx\u001b[K\n\u001b[J',
    ]);
  });

  test('is plain text elsewhere', () => {
    const { stream, written } = screenOf();
    openScreen(stream).show(['a', 'b']);

    expect(written).toEqual(['a\nb\n']);
  });
});

describe('the loop of gwm top', () => {
  /** Snapshots that come or fail in this order; the loop ends with the last one. */
  function stage(results: readonly (Snapshot | Error)[], options: Partial<TopOptions> = {}) {
    const { stream, written } = screenOf();
    const ending = new AbortController();
    let turn = 0;
    const read = async () => {
      const result = results[turn++];
      if (turn >= results.length) ending.abort();
      if (!result || result instanceof Error) throw result ?? new Error('too many looks');
      return result;
    };
    const run = runTop({
      read,
      tenantIds: () => [],
      everyMs: 1,
      isOnce: false,
      isJson: false,
      stream,
      signal: ending.signal,
      ...options,
    });
    return { run, written, looks: () => turn };
  }

  const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  const snapshot = {
    survey: {
      atMs: Date.UTC(2026, 0, 1),
      buckets: [],
      tenants: [],
      workers: 0,
      alive: [],
      relay: { entries: 0, oldestAgeMs: 0 },
      clockSkewMs: 0,
      memory: { used: 0, max: 0 },
    },
    tenants: new Map(),
    recent: new Map(),
    endpointsInTrouble: [],
  } satisfies Snapshot;

  test('looks once if it is asked to', async () => {
    const { run, written, looks } = stage([snapshot, snapshot], { isOnce: true });
    await run;

    expect([looks(), written.length]).toEqual([1, 1]);
  });

  test('waits out an outage of Redis behind the first look, and fails at the first one', async () => {
    const { run, written, looks } = stage([snapshot, away, snapshot]);
    await run;
    expect([looks(), written.length]).toEqual([3, 2]);

    await expect(stage([away]).run).rejects.toBe(away);
    await expect(stage([snapshot, new TypeError('a bug')]).run).rejects.toThrow('a bug');
  });
});
