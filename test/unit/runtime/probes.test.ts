import { describe, expect, test } from 'vitest';
import { createProbes, type Watched } from '../../../src/runtime/probes.ts';

const LIFE_MS = 4000;

describe('the probes of a worker', () => {
  test('are alive and not ready before the worker runs jobs', () => {
    const probes = createProbes();

    expect(probes.live()).toEqual({ ok: true });
    expect(probes.ready()).toEqual({ ok: false, reason: 'the worker starts' });
  });

  test('are alive and ready while its heart beats', () => {
    const probes = running({ sinceBeatMs: 3 * LIFE_MS });

    expect(probes.live()).toEqual({ ok: true });
    expect(probes.ready()).toEqual({ ok: true });
  });

  test('are alive and not ready while it does not reach Redis', () => {
    const probes = running({ sinceBeatMs: 3 * LIFE_MS + 1 });

    expect(probes.live()).toEqual({ ok: true });
    expect(probes.ready()).toEqual({ ok: false, reason: 'the worker does not reach Redis' });
  });

  test('are not alive when it no longer looks at its queues', () => {
    expect(running({ isStuck: true }).live()).toMatchObject({ ok: false });
  });

  test('are alive and not ready while it stops', () => {
    const probes = running({});
    probes.stop();

    expect(probes.live()).toEqual({ ok: true });
    expect(probes.ready()).toEqual({ ok: false, reason: 'the worker stops' });
  });
});

function running({ isStuck = false, sinceBeatMs = 0 }) {
  const probes = createProbes();
  const watched: Watched = {
    watchdog: { isStuck: () => isStuck },
    heartbeat: { sinceBeatMs: () => sinceBeatMs, lifeMs: LIFE_MS },
  };
  probes.watch(watched);
  return probes;
}
