import { describe, expect, test } from 'vitest';
import { CodedError, OperatorError } from '../../../src/core/errors.ts';
import { type Finding, lineOf, ok, warning, worstOf } from '../../../src/doctor/finding.ts';
import { timed } from '../../../src/doctor/timed.ts';

describe('a timed check', () => {
  test('has its own findings if it ends in time', async () => {
    const found = [ok('redis', 'hz', '100')];

    expect(await timed('redis', 'hz', async () => found)).toBe(found);
  });

  test('has failed if it does not end in time', async () => {
    expect(await timed('redis', 'hz', () => new Promise(() => {}), 5)).toMatchObject([
      { about: 'redis', check: 'hz', state: 'failed', found: 'no end within 0.005 s' },
    ]);
  });

  test.for([
    [
      new OperatorError('The tenants file is wrong:\n  tenants[0].id\n  tenants[1].id'),
      { found: 'The tenants file is wrong: tenants[0].id tenants[1].id' },
    ],
    [
      new OperatorError('Redis at 127.0.0.1:6379 does not answer (ECONNREFUSED). Start it.'),
      { found: 'Redis at 127.0.0.1:6379 does not answer (ECONNREFUSED)', todo: 'Start it.' },
    ],
    [
      new CodedError('CREDENTIALS_REFUSED', 'login answered 401'),
      { found: 'CREDENTIALS_REFUSED: login answered 401', todo: expect.stringMatching(/\.$/) },
    ],
  ] as const)('says what failed, and what to do: %s', async ([error, expected]) => {
    const [finding] = await timed('x', 'y', () => Promise.reject(error));

    expect(finding).toMatchObject({ state: 'failed', ...expected });
  });

  test('hides no error of this program', async () => {
    await expect(timed('x', 'y', () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});

describe('findings', () => {
  test('are one line each', () => {
    expect(lineOf(ok('redis', 'hz', '100'))).toBe('ok       redis: hz: 100');
    expect(lineOf(warning('redis', 'hz', '10', 'Set hz to 100.'))).toBe(
      'warning  redis: hz: 10. Set hz to 100.',
    );
  });

  test.for([
    [[], 'ok'],
    [['ok', 'warning', 'ok'], 'warning'],
    [['failed', 'ok', 'warning'], 'failed'],
  ] as const)('are as bad as the worst of %o: %s', ([states, worst]) => {
    const findings = states.map((state): Finding => ({ about: 'a', check: 'b', state, found: 'c' }));

    expect(worstOf(findings)).toBe(worst);
  });
});
