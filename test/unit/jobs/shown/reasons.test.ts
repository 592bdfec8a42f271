import { describe, expect, test } from 'vitest';
import { shownStack } from '../../../../src/jobs/shown/job.ts';
import { shownReason } from '../../../../src/jobs/shown/reasons.ts';

const SECRET = 'jkqxzjkqxz';

describe('the shown reason of a failure', () => {
  test.for([
    'CONTENT_REFUSED: message.send: Genesys Cloud answered 400 bad.request (correlation id 1-2) [body.content: too.long]',
    'JOB_EXPIRED: expired at 2026-03-01T09:30:00Z, before its turn',
    'JOB_INVALID: body.content: expected at most 4096 bytes of UTF-8, got 5000',
    'JOB_INVALID: configuration.greetings[0]: expected 1 to 150 characters, got 200',
    'job stalled more than allowable limit',
  ])('is unchanged: %s', (reason) => {
    expect(shownReason(reason)).toBe(reason);
  });

  test.for([
    [`JOB_INVALID: unknown field "${SECRET}"`, 'JOB_INVALID: unknown field "…"'],
    [
      `JOB_INVALID: unknown field "${SECRET}; x"; tenantId: expected string`,
      'JOB_INVALID: unknown field "…"; tenantId: expected string',
    ],
    [`JOB_INVALID: customAttributes["${SECRET}; x"]: expected a text`, 'JOB_INVALID: …'],
    [`JOB_INVALID: fields.${SECRET}: expected a text`, 'JOB_INVALID: fields.…'],
    [`JOB_INVALID: fields.a ${SECRET}: expected a text`, expect.not.stringContaining(SECRET)],
    [`JOB_INVALID: customAttributes.x.${SECRET}[3]: expected`, 'JOB_INVALID: customAttributes.…'],
    [
      `GENESYS_UNREACHABLE: https://u:${SECRET}@h.example/p?q=${SECRET} gives no token`,
      'GENESYS_UNREACHABLE: https://h.example/… gives no token',
    ],
    [`Error: ${SECRET}`, '(17 characters)'],
    [`NOT_A_CODE: ${SECRET}`, '(22 characters)'],
  ] as const)('has no text of a caller: %s', ([reason, shown]) => {
    expect(shownReason(reason)).toEqual(shown);
  });

  test('is the only text of a stack trace, beside places in the program', () => {
    const stack = `UnrecoverableError: JOB_INVALID: unknown field "${SECRET}"\n${SECRET}\n    at settle (/app/a.ts:1:2)`;
    expect(shownStack(stack)).toBe(
      'UnrecoverableError: JOB_INVALID: unknown field "…"\n    at settle (/app/a.ts:1:2)',
    );
  });
});
