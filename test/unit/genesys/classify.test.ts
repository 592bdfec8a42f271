import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, classify } from '../../../src/genesys/classify.ts';
import { createConfiguration } from '../../../src/genesys/dialects/platform/configurations.ts';
import { createDeployment } from '../../../src/genesys/dialects/platform/deployments.ts';
import { sendOpenMessage } from '../../../src/genesys/dialects/platform/open.ts';
import { STATUSES } from '../../support/statuses.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const operation = { name: 'message.send', method: 'POST', scope: 'messaging:conversation:write' } as const;

function explain(status: number, body: unknown = undefined, headers: Record<string, string> = {}) {
  return classify(operation, { status, headers: new Headers(headers), body }, NOW_MS);
}

describe('the status of an answer', () => {
  test.for([
    ...STATUSES,
    [401, 'CREDENTIALS_REFUSED', 'pause'],
    [301, 'GENESYS_REFUSED', 'reject'],
    [304, 'GENESYS_REFUSED', 'reject'],
  ] as const)('%d: %s, %s', ([status, code, disposition]) => {
    expect(explain(status)).toMatchObject({ code, disposition, status });
  });
});

describe('the wait that Genesys Cloud asks for', () => {
  test.for([429, 503])('is read from the header of a %d, as seconds or as a date', (status) => {
    expect(explain(status, undefined, { 'retry-after': '7' }).retryAfterMs).toBe(7000);
    const date = new Date(NOW_MS + 30_000).toUTCString();
    expect(explain(status, undefined, { 'retry-after': date }).retryAfterMs).toBe(30_000);
  });

  test('is unknown if the header is missing or unreadable', () => {
    expect(explain(429).retryAfterMs).toBeUndefined();
    expect(explain(429, undefined, { 'retry-after': '-1' }).retryAfterMs).toBeUndefined();
  });
});

describe('the message', () => {
  test('names the operation, the status, and the code and correlation id of the body', () => {
    const body = { message: 'The request is bad', code: 'bad.request', status: 400, contextId: 'ctx-1' };
    expect(explain(400, body).message).toBe(
      'message.send: Genesys Cloud answered 400 bad.request (correlation id ctx-1)',
    );
    expect(explain(500).message).toBe('message.send: Genesys Cloud answered 500');
  });

  test('has the correlation id of the headers if the body has none', () => {
    expect(explain(500, '', { 'inin-correlation-id': 'ctx-2' }).message).toBe(
      'message.send: Genesys Cloud answered 500 (correlation id ctx-2)',
    );
  });

  test('names the missing scope for a 403 only', () => {
    expect(explain(403, { code: 'missing.scope' }).message).toBe(
      'message.send: Genesys Cloud answered 403 missing.scope; it needs the scope messaging:conversation:write',
    );
    for (const status of [400, 401, 404, 429, 500]) expect(explain(status).message).not.toContain('scope');
  });
});

describe('the details', () => {
  test('are the fields and codes of both lists of the body', () => {
    const body = {
      details: [{ fieldName: 'body.content', errorCode: 'too.long' }, { fieldName: 'to.id' }],
      errors: [{ code: 'invalid.value' }, { fieldName: 'from.id', code: 'required' }],
    };
    expect(explain(400, body).details).toEqual([
      'body.content: too.long',
      'to.id',
      'invalid.value',
      'from.id: required',
    ]);
  });

  test('leave out entries without a field or a code', () => {
    const details = [null, 7, 'text', [], {}, { fieldName: 7 }, { fieldName: '' }, { errorCode: 'odd' }];
    expect(explain(400, { details }).details).toEqual(['odd']);
    expect(explain(400, { details: 'none', errors: { 0: 'x' } }).details).toEqual([]);
  });

  test('are at most twenty', () => {
    const details = Array.from({ length: 1000 }, (_, index) => ({ fieldName: `field${index}` }));
    expect(explain(400, { details }).details).toHaveLength(20);
  });
});

describe('the reasons of a 422', () => {
  const body = {
    message: 'not for details',
    errors: [
      { fieldName: 'widget.theme.colors.primary', message: 'is no hex color' },
      { fieldName: 'features.flags', errorCode: 'unsupported', message: 'no flag "beta"\n' },
      { message: 7 },
    ],
  };
  const reasonsOf = (status: number, reportsReasons: boolean) =>
    classify({ ...operation, reportsReasons }, { status, headers: new Headers(), body }, NOW_MS).details;

  test('become details if an operator wrote the content, one line each', () => {
    expect(reasonsOf(422, true)).toEqual([
      'widget.theme.colors.primary: is no hex color',
      'features.flags: unsupported: no flag "beta"?',
    ]);
  });

  test('are left out for all other operations and statuses', () => {
    const fields = ['widget.theme.colors.primary', 'features.flags: unsupported'];
    expect(reasonsOf(422, false)).toEqual(fields);
    expect(reasonsOf(400, true)).toEqual(fields);
    expect(explain(422, body).details).toEqual(fields);
  });
});

describe('text of an answer', () => {
  const canary = 'jkqxzjkqxz';

  test('is left out if it is free text, which may quote the customer', () => {
    const body = {
      message: canary,
      messageWithParams: `${canary} {field}`,
      messageParams: { field: canary },
      errors: [{ message: canary, userMessage: canary, fieldName: 'body.content' }],
      details: [{ message: canary, fieldValue: canary, errorCode: 'too.long' }],
      entityName: canary,
      [canary]: canary,
    };
    const error = explain(400, body);
    expect(JSON.stringify([error.message, error.details])).not.toContain(canary);
    expect(error.details).toEqual(['too.long', 'body.content']);
  });

  test('is left out if the body is no object', () => {
    for (const body of [canary, [canary], [{ code: canary }]]) {
      const error = explain(502, body);
      expect(JSON.stringify([error.message, error.details])).not.toContain(canary);
    }
  });

  test('is short, on one line, and without control characters', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant('\u001b[2J\r\n'.repeat(50)),
    );
    fc.assert(
      fc.property(text, text, text, (code, contextId, fieldName) => {
        const error = explain(400, { code, contextId, details: [{ fieldName, errorCode: code }] });
        expect(error.message).toMatch(/^[\x20-\x7e]{1,400}$/);
        for (const detail of error.details) expect(detail).toMatch(/^[\x20-\x7e]{1,120}$/);
      }),
    );
  });

  test('never breaks the classification', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 300, max: 599 }), (body, status) => {
        const answer: Answer = { status, headers: new Headers(), body };
        expect(classify(operation, answer, NOW_MS).status).toBe(status);
      }),
    );
  });
});

describe('an operation of the platform', () => {
  const permissions = { names: ['conversation:message:create', 'conversation:webmessaging:create'] };
  const answerOf = (status: number, body: unknown) => ({ status, headers: new Headers(), body });

  test('names the permissions of a 403, and says whether one is enough', () => {
    const all = { name: 'agent.send', method: 'POST', permissions } as const;
    const any = { ...all, permissions: { ...permissions, any: true } } as const;
    expect(classify(all, answerOf(403, undefined), NOW_MS)).toMatchObject({
      code: 'PERMISSION_MISSING',
      message:
        'agent.send: Genesys Cloud answered 403; it needs the permission conversation:message:create and conversation:webmessaging:create',
    });
    expect(classify(any, answerOf(403, undefined), NOW_MS).message).toContain(':create or conversation:');
  });

  test('gives codes of error bodies a meaning of their own', () => {
    const own = { name: 'agent.send', method: 'POST', codes: { 'not.open': 'CONVERSATION_CLOSED' } } as const;
    expect(classify(own, answerOf(400, { code: 'not.open' }), NOW_MS).code).toBe('CONVERSATION_CLOSED');
    expect(classify(own, answerOf(400, { code: 'constructor' }), NOW_MS).code).toBe('CONTENT_REFUSED');
  });

  test.for([
    [429, 'RATE_LIMITED'],
    [408, 'GENESYS_UNAVAILABLE'],
    [500, 'GENESYS_UNAVAILABLE'],
    [503, 'GENESYS_UNAVAILABLE'],
    [504, 'GENESYS_UNAVAILABLE'],
    [401, 'CREDENTIALS_REFUSED'],
    [413, 'CONTENT_REFUSED'],
  ] as const)('lets the status %d decide, whatever the codes of the body say', ([status, ours]) => {
    const own = { name: 'agent.send', method: 'POST', codes: { 'not.found': 'NOT_FOUND' } } as const;
    for (const code of ['not.found', 'conversation.message.limit.exceeded', 'resource.limit.exceeded']) {
      expect(classify(own, answerOf(status, { code }), NOW_MS).code).toBe(ours);
      expect(classify(own, answerOf(status, { details: [{ errorCode: code }] }), NOW_MS).code).toBe(ours);
    }
  });

  test('gives codes in the details the same meaning, behind the code of the body', () => {
    const codes = { 'not.open': 'CONVERSATION_CLOSED', 'is.taken': 'CONFLICT' } as const;
    const own = { name: 'agent.send', method: 'POST', codes } as const;
    const codeOf = (status: number, body: unknown) => classify(own, answerOf(status, body), NOW_MS).code;
    const details = [7, { fieldName: 'a' }, { errorCode: 'unknown' }, { errorCode: 'not.open' }];
    for (const status of [400, 403, 404, 409]) {
      expect(codeOf(status, { code: 'bad.request', details })).toBe('CONVERSATION_CLOSED');
    }
    expect(codeOf(400, { code: 'is.taken', details })).toBe('CONFLICT');
    expect(codeOf(400, { details: [{ message: 'not.open', errorCode: 'not.open: x' }] })).toBe(
      'CONTENT_REFUSED',
    );
  });

  test('of every kind may meet a limit of the organization', () => {
    const limit = { key: 'configurations.max', namespace: 'web.deployments', value: 5 };
    for (const operation of [createConfiguration, createDeployment, sendOpenMessage]) {
      const error = classify(operation, answerOf(400, { code: 'resource.limit.exceeded', limit }), NOW_MS);
      expect(error).toMatchObject({
        code: 'LIMIT_REACHED',
        details: ['limit web.deployments configurations.max: 5'],
      });
    }
  });

  test('have met a limit that the body names, unless a code of the operation says more', () => {
    const limit = { key: 'members.max', namespace: 'routing', value: 5 };
    const own = { name: 'agent.send', method: 'POST', codes: { 'is.taken': 'CONFLICT' } } as const;
    const codeOf = (status: number, body: object) =>
      classify(own, answerOf(status, { limit, ...body }), NOW_MS).code;
    for (const status of [400, 403, 409])
      expect(codeOf(status, { code: 'members.max' })).toBe('LIMIT_REACHED');
    expect(codeOf(400, {})).toBe('LIMIT_REACHED');
    expect(codeOf(409, { code: 'is.taken' })).toBe('CONFLICT');
    expect(codeOf(404, {})).toBe('NOT_FOUND');
    expect(codeOf(429, {})).toBe('RATE_LIMITED');
    expect(codeOf(413, {})).toBe('CONTENT_REFUSED');
    expect(codeOf(400, { limit: { value: 5 } })).toBe('CONTENT_REFUSED');
  });

  test('names the limit that the organization met, and keeps the correlation id', () => {
    const body = {
      contextId: 'ctx-3',
      limit: { key: 'messages.rate', namespace: 'messaging', value: 5 },
    };
    expect(classify(operation, answerOf(409, body), NOW_MS)).toMatchObject({
      correlationId: 'ctx-3',
      details: ['limit messaging messages.rate: 5'],
    });
  });
});
