import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitCode } from '../../../src/cli/exit-codes.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { SETTINGS } from '../../../src/config/settings.ts';
import { parseDuration } from '../../../src/core/duration.ts';

describe.for(['gwm-worker@', 'gwm-serve'])('deploy/systemd/%s.service', (name) => {
  const unit = readUnit(name);

  test('starts a command of gwm that exists', () => {
    const [, command] = /^\/usr\/local\/bin\/gwm (\w+)$/.exec(unit.one('ExecStart')) ?? [];

    expect(createProgram().commands.map((each) => each.name())).toContain(command);
  });

  test('starts the process again, unless a setting is wrong', () => {
    expect(unit.one('Restart')).toBe('always');
    expect(unit.one('RestartPreventExitStatus')).toBe(String(exitCode('settings')));
    expect(unit.one('StartLimitIntervalSec')).toBe('0');
  });

  test('sets existing settings only, beside those of Node and of the file', () => {
    const known: string[] = ['ENV_FILE', 'NODE_ENV', ...Object.values(SETTINGS).map(({ env }) => env)];
    const set = unit.all('Environment').map((line) => line.split('=')[0] ?? '');

    expect(set.filter((each) => !known.includes(each))).toEqual([]);
  });

  test('gives the process more time to stop than its jobs need', () => {
    const timeoutMs = parseDuration(SETTINGS.shutdownTimeoutMs.default ?? '') ?? Number.NaN;

    expect(Number(unit.one('TimeoutStopSec')) * 1000).toBeGreaterThan(timeoutMs);
  });

  test('gives the process a user, and no other rights', () => {
    expect(unit.one('User')).toBe('gwm');
    expect(unit.one('NoNewPrivileges')).toBe('true');
    expect(unit.one('CapabilityBoundingSet')).toBe('');
    expect(unit.one('ProtectSystem')).toBe('strict');
  });
});

function readUnit(name: string) {
  const text = readFileSync(new URL(`../../../deploy/systemd/${name}.service`, import.meta.url), 'utf8');
  const lines = text.split('\n').flatMap((line) => {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return key === '' ? [] : [{ key, value }];
  });
  const all = (key: string) => lines.filter((line) => line.key === key).map(({ value }) => value);
  return {
    all,
    one: (key: string) => all(key)[0] ?? expect.fail(`${name} has no ${key}`),
  };
}
