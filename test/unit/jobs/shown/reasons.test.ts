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
    'JOB_INVALID: body.content: expected at most 4096 bytes of UTF-8, got 5000; set split to send it as several messages',
    'JOB_INVALID: tenantId: expected string; configuration.fontSizePx: the dialect platform has no counterpart; set ignoreUnsupported to true to leave it out',
    'CAPABILITY_UNAVAILABLE: the dialect platform has no counterpart of configuration.fontSizePx, launcher.position, widget.theme.secondaryColor; set ignoreUnsupported to true to leave them out',
    'CAPABILITY_UNAVAILABLE: no operation of the platform sends a card; set template.fallbackBehavior to textOnly',
    'CAPABILITY_UNAVAILABLE: in the dialect platform organizationIds are tenants: organizationIds[1]: there is no such tenant in the tenants file',
    'CAPABILITY_UNAVAILABLE: webmessaging.mypurecloud.de answered 403 to the connection of a guest; check deploymentId and origin of the tenant, and the status and allowed domains of the deployment',
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
    [
      `CAPABILITY_UNAVAILABLE: the dialect platform has no counterpart of configuration.greetings, configuration.featureFlags.${SECRET}, configuration.featureFlags["a ${SECRET}"]; set ignoreUnsupported to true to leave them out`,
      'CAPABILITY_UNAVAILABLE: the dialect platform has no counterpart of configuration.greetings, configuration.featureFlags.…, configuration.featureFlags["…"]; set ignoreUnsupported to true to leave them out',
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
