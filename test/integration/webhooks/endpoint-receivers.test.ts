import { describe, expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';
import { fail, verdicts, view } from './endpoint-acts.ts';

describe('a receiver', () => {
  test('gets no callback before the end of a wait that it asks for', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1', 'refused', 30_000);

    expect(await stage.arrive('w2')).toEqual({ verdict: 'wait', waitMs: 30_000 });
    expect(await verdicts(stage, 'w3')).toEqual(['park']);
    stage.clock.advance(30_000);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('disables its endpoint with a 410: waiting callbacks are woken, and new ones are not sent', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await verdicts(stage, 'w1', 'w2', 'w3');

    expect(await stage.leave('w1', 'gone')).toBe('gone');

    expect(stage.woken()).toEqual(['w2', 'w3']);
    expect(await stage.arrive('w4')).toEqual({ verdict: 'disabled', reason: 'gone' });
    expect(await stage.enter('w2')).toBe('disabled');
    expect(await view(stage)).toMatchObject({ state: 'disabled', disabledFor: 'gone', waiting: 0 });
    expect(await stage.records.counts()).toMatchObject({ disabled: 1 });
  });

  test('has all callbacks of a long wait queue woken after a 410, in small groups', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await verdicts(stage, 'w0');
    const waiting = Array.from({ length: 100 }, (_, index) => `waiting-${index}`);
    await verdicts(stage, ...waiting);
    await stage.leave('w0', 'gone');

    const all = new Set<string>();
    for (let woken = stage.woken(); woken.length > 0; woken = stage.woken()) {
      for (const jobId of woken) {
        all.add(jobId);
        expect(await stage.enter(jobId)).toBe('disabled');
      }
    }

    expect([...all].sort()).toEqual(waiting.sort());
  });

  test('gets callbacks again after an operator has enabled its endpoint', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1', 'gone');
    const endpointId = endpointIdOf('acme', URL_A);

    expect(await stage.endpoints.enable('acme', endpointId)).toBe('enabled');
    expect(await stage.endpoints.enable('acme', endpointId)).toBe('was-enabled');
    expect(await stage.endpoints.enable('acme', 'ep-unknown')).toBe('unknown');

    expect(await verdicts(stage, 'w2')).toEqual(['go']);
    expect(await view(stage)).toMatchObject({ state: 'well', disabledAt: null });
  });

  test('gets callbacks at once after an operator has enabled its paused endpoint', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    expect(await stage.arrive('probe')).toMatchObject({ verdict: 'wait' });
    expect(await verdicts(stage, 'w2')).toEqual(['park']);

    await stage.endpoints.enable('acme', endpointIdOf('acme', URL_A));

    expect(stage.woken()).toEqual(['probe', 'w2']);
    expect(await stage.enter('probe')).toBe('go');
  });
});
