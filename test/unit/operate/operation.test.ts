import { describe, expect, test } from 'vitest';
import type { Act } from '../../../src/audit/act-record.ts';
import { CodedError, OperatorError } from '../../../src/core/errors.ts';
import { commandLineAuthor, keyAuthor, reaches, signalAuthor } from '../../../src/operate/author.ts';
import { bindOperations } from '../../../src/operate/bind.ts';
import { knownForm } from '../../../src/operate/known-form.ts';
import { defineOperation, type OperationSpec, type Target } from '../../../src/operate/operation.ts';

const TARGET: Target = { subject: 'k_1', tenants: ['acme'] };
const AUTHOR = keyAuthor({ id: 'k_2', name: 'crm', tenants: 'all' });

type Spec = OperationSpec<{ id: string }, Target, string>;

/** Runs one operation. @returns its records, its result or error, and the records that Redis refused. */
async function run(spec: Partial<Spec>, refuses = false) {
  const acts: Act[] = [];
  const unrecorded: Error[] = [];
  const note = async (act: Act) => {
    if (refuses) throw new Error('OOM');
    acts.push(act);
  };
  const operation = defineOperation<{ id: string }, Target, string>({
    action: 'key.revoked',
    named: ({ id }) => id,
    find: () => TARGET,
    missing: 'missing',
    perform: async () => ({ status: 'done', result: 'result' }),
    ...spec,
  });
  const onUnrecorded = (error: Error) => void unrecorded.push(error);
  const { act } = bindOperations({ act: operation }, { acts: { note }, onUnrecorded }, AUTHOR);
  const result = await act({ id: 'k_00000000000' }).catch((error: unknown) => error);
  return { acts, result, unrecorded };
}

describe('an operation', () => {
  test.for([
    ['failed', 'internal', new Error('SECRET')],
    ['failed', 'TENANT_UNKNOWN', new CodedError('TENANT_UNKNOWN', 'SECRET')],
    ['failed', 'unavailable', new OperatorError('SECRET', 'unavailable')],
    ['refused', 'refused', new OperatorError('SECRET', 'refused')],
    ['refused', 'usage', new OperatorError('SECRET', 'usage')],
  ] as const)('that throws has a record, %s: %s', async ([status, error, thrown]) => {
    const failing = async () => {
      throw thrown;
    };

    for (const [spec, target] of [
      [{ perform: failing }, TARGET],
      [{ find: failing }, { subject: 'k_00000000000', tenants: 'all' }],
    ] as const) {
      const { acts, result } = await run(spec);
      expect(result).toBe(thrown);
      expect(acts).toEqual([
        { by: 'k_2', keyName: 'crm', action: 'key.revoked', status, ...target, details: { error } },
      ]);
    }
  });

  test('that finds nothing has no record', async () => {
    const { acts, result } = await run({ find: () => undefined });

    expect(result).toBe('missing');
    expect(acts).toEqual([]);
  });

  test('stands when Redis does not take its record, and reports that', async () => {
    const { result, unrecorded } = await run({}, true);

    expect(result).toBe('result');
    expect(unrecorded.map(({ message }) => message)).toEqual([
      'Redis did not take the audit record of key.revoked k_1 by k_2',
    ]);
  });

  test('that must have a record is undone without one', async () => {
    const undone: string[] = [];

    const { result } = await run(
      {
        async unrecorded(made) {
          undone.push(made);
          throw new OperatorError('not made', 'unavailable');
        },
      },
      true,
    );

    expect(undone).toEqual(['result']);
    expect(result).toMatchObject({ message: 'not made' });
  });

  test('on many things has a record before the first of them', async () => {
    const { acts } = await run({ isLong: true });

    expect(acts.map(({ status }) => status)).toEqual(['begun', 'done']);
  });
});

describe('an author', () => {
  test('is a printable, bounded user and machine', () => {
    const { by, host } = commandLineAuthor();
    expect(by).toMatch(/^cli:[^\p{C}\p{Z}]{1,64}$/u);
    expect(host).toMatch(/^[^\p{C}\p{Z}]{1,64}$/u);
    expect(signalAuthor('SIGHUP')).toMatchObject({ by: 'signal:SIGHUP', host });
  });

  test('reaches a damaged job only with all tenants', () => {
    expect(reaches(AUTHOR, null)).toBe(true);
    expect(reaches({ ...AUTHOR, tenants: ['acme'] }, null)).toBe(false);
    expect(reaches({ ...AUTHOR, tenants: ['acme'] }, 'acme')).toBe(true);
    expect(reaches({ ...AUTHOR, tenants: ['acme'] }, 'globex')).toBe(false);
  });
});

test.for([
  ['j0123456789abcdef0123456789abcdef', true],
  [`k${'a2'.repeat(16)}-2`, true],
  ['wh-j0123456789abcdef0123456789abcdef-held', true],
  ['ep-0123456789abcdef0123', true],
  ['k_0aB1cD2eF3g', true],
  ['gwm_live_0aB1cD2eF3g', false],
  ['hunter2', false],
  ['', false],
] as const)('an unknown id is named by its form: %s', ([id, isNamed]) => {
  expect(knownForm(id)).toBe(isNamed ? id : null);
});
