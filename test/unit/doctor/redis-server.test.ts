import { describe, expect, test } from 'vitest';
import { type Finding, worstOf } from '../../../src/doctor/finding.ts';
import { examineServer } from '../../../src/doctor/redis-server.ts';

const WELL = {
  redis_version: '7.4.1',
  maxmemory_policy: 'noeviction',
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  aof_last_bgrewrite_status: 'ok',
  rdb_last_bgsave_status: 'ok',
  configured_hz: '100',
  connected_slaves: '0',
};
const ROOMY = { used: 10e6, max: 2e9 };

describe('the examination of a Redis server', () => {
  test('finds nothing to do about a server that is set up well', () => {
    const findings = examine({});

    expect(findings.map(({ check }) => check)).toEqual(['version', 'policy', 'persistence', 'memory', 'hz']);
    expect(worstOf(findings)).toBe('ok');
    expect(findings.filter(({ todo }) => todo !== undefined)).toEqual([]);
  });

  test.for([
    ['version', { redis_version: '6.0.16' }, 'failed', /Redis 6\.2/],
    ['version', { redis_version: '5.9.9' }, 'failed', /Redis 6\.2/],
    ['policy', { maxmemory_policy: 'allkeys-lru' }, 'failed', /noeviction/],
    ['persistence', { aof_enabled: '0' }, 'failed', /Set appendonly to yes/],
    ['persistence', { aof_last_write_status: 'err' }, 'failed', /disk/],
    ['persistence', { rdb_last_bgsave_status: 'err' }, 'failed', /disk/],
    ['hz', { configured_hz: '10' }, 'warning', /Set hz to 100: due jobs start up to 100 ms late/],
  ] as const)('says what to do about %s: %o', ([check, info, state, todo]) => {
    expect(find(examine(info), check)).toMatchObject({ state, todo: expect.stringMatching(todo) });
  });

  test.for([
    [ROOMY, 'ok'],
    [{ used: 1.59e9, max: 2e9 }, 'ok'],
    [{ used: 1.61e9, max: 2e9 }, 'warning'],
    [{ used: 1.81e9, max: 2e9 }, 'failed'],
    [{ used: 10e6, max: 0 }, 'warning'],
  ] as const)('judges the memory %o as %s', ([memory, state]) => {
    expect(find(examine({}, { memory }), 'memory').state).toBe(state);
  });

  test.for([
    ['0', 'warning'],
    ['1', 'ok'],
  ] as const)('with Sentinel and in a cluster, judges %s replicas as %s', ([connected_slaves, state]) => {
    const findings = examine({ connected_slaves }, { needsReplica: true });

    expect(find(findings, 'replicas').state).toBe(state);
  });

  test('takes every version of Valkey, and Redis 6.2', () => {
    expect(find(examine({ valkey_version: '8.0.1', redis_version: '7.2.4' }), 'version').found).toBe(
      'Valkey 8.0.1',
    );
    expect(find(examine({ redis_version: '6.2.0' }), 'version').state).toBe('ok');
  });

  test('warns where the server, or the rights of the user, do not show a setting', () => {
    const { configured_hz: _, ...info } = WELL;

    expect(examineServer({ about: 'redis', info: {}, memory: ROOMY, needsReplica: false })).toMatchObject([
      { check: 'settings', state: 'warning', todo: expect.stringContaining('INFO') },
    ]);
    const findings = examineServer({ about: 'redis', info, memory: ROOMY, needsReplica: false });
    expect(find(findings, 'hz')).toMatchObject({ state: 'warning', found: 'Redis does not show it' });
  });
});

function examine(info: Readonly<Record<string, string>>, { memory = ROOMY, needsReplica = false } = {}) {
  return examineServer({ about: 'redis', info: { ...WELL, ...info }, memory, needsReplica });
}

function find(findings: readonly Finding[], check: string): Finding {
  return findings.find((finding) => finding.check === check) ?? expect.fail(`no finding about ${check}`);
}
