import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { processEnvironment, readEnvironment } from '../../../src/config/environment.ts';
import { OperatorError } from '../../../src/core/errors.ts';

/** Makes a working directory with these files for the current test. */
function workIn(files: Record<string, string> = {}): string {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'gwm-environment-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function setVariables(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('without ENV_FILE', () => {
  test('the file .env is read', () => {
    workIn({ '.env': '# comment\nGWM_A=from the file\nGWM_B="quoted # value"\n' });
    setVariables({ ENV_FILE: undefined });
    expect(readEnvironment()).toMatchObject({ GWM_A: 'from the file', GWM_B: 'quoted # value' });
  });

  test('the file .env may be missing', () => {
    workIn();
    setVariables({ ENV_FILE: undefined, GWM_A: 'from the process' });
    expect(readEnvironment()).toEqual({ ...process.env });
  });
});

describe('with ENV_FILE', () => {
  test('that file is read, and .env is not read', () => {
    workIn({ '.env': 'GWM_A=default\nGWM_B=default', 'other.env': 'GWM_A=other' });
    setVariables({ ENV_FILE: 'other.env' });
    expect(readEnvironment()['GWM_A']).toBe('other');
    expect(readEnvironment()['GWM_B']).toBeUndefined();
  });

  test('an empty value names no file', () => {
    workIn({ '.env': 'GWM_A=default' });
    setVariables({ ENV_FILE: '' });
    expect(readEnvironment()['GWM_A']).toBeUndefined();
  });

  test.for(['missing.env', '.env', '.'])('the file must exist and be readable: %s', (file) => {
    workIn();
    setVariables({ ENV_FILE: file });
    expect(readEnvironment).toThrow(OperatorError);
    expect(readEnvironment).toThrow(`The settings file ${resolve(file)} cannot be read`);
  });
});

describe('a variable of the process', () => {
  test('takes precedence over the file', () => {
    workIn({ '.env': 'GWM_A=from the file\nGWM_B=from the file' });
    setVariables({ ENV_FILE: undefined, GWM_A: 'from the process' });
    expect(readEnvironment()).toMatchObject({ GWM_A: 'from the process', GWM_B: 'from the file' });
  });

  test('is not changed by the file', () => {
    workIn({ '.env': 'GWM_A=from the file' });
    setVariables({ ENV_FILE: undefined });
    readEnvironment();
    expect(process.env['GWM_A']).toBeUndefined();
  });

  test('can be read without the file, as a copy', () => {
    workIn({ '.env': 'GWM_A=from the file' });
    setVariables({ ENV_FILE: undefined, GWM_B: 'from the process' });
    const alone = processEnvironment();
    expect(alone).toEqual({ ...process.env });
    vi.stubEnv('GWM_B', 'changed');
    expect(alone['GWM_B']).toBe('from the process');
  });
});
