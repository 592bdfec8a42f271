import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditRecord,
  canonicalJson,
  type Details,
  INSTALLATION,
  MAX_DETAILS_BYTES,
  MAX_RECORD_CHARACTERS,
  parseRecord,
  requireRecord,
  writeRecord,
} from '../../../src/audit/record.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import type { Json } from '../../../src/core/json.ts';

const SOUND = {
  tenantId: 'acme',
  id: 'job-1',
  source: 'own',
  occurredAt: '2026-03-01T09:30:00.000Z',
  action: 'message.delivered',
  status: 'delivered',
  details: { latencyMs: 12, ids: ['a', null] },
};

function issuesOf(fields: object): string[] {
  const parsed = parseRecord({ ...SOUND, ...fields });
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

describe('a record', () => {
  test('stays unchanged if it is valid', () => {
    expect(parseRecord(SOUND)).toEqual({ ok: true, data: SOUND });
    expect(requireRecord(SOUND)).toEqual(SOUND);
  });

  test.for([
    ['occurredAt', '2000-01-01T00:00:00.000Z'],
    ['occurredAt', '2100-12-31T23:59:59.999Z'],
    ['id', 'ü'.repeat(200)],
    ['id', '😀'.repeat(200)],
    ['id', 'with a space'],
    ['status', 'x'.repeat(40)],
    ['action', 'x'.repeat(200)],
    ['source', 'genesys'],
    ['details', {}],
  ] as const)('may have the %s %j', ([field, value]) => {
    expect(issuesOf({ [field]: value })).toEqual([]);
  });

  test.for([
    ['tenantId', 'a:b', 'tenantId: expected letters'],
    ['id', '', 'id: expected 1 to 200 printable characters, got a text of 0 characters'],
    ['id', 'x'.repeat(201), 'id: expected 1 to 200 printable characters, got a text of 201 characters'],
    ['id', 'a\u0000b', 'id: expected 1 to 200 printable'],
    ['id', 'a\nb', 'id: expected 1 to 200 printable'],
    ['id', 'a\u001b[2J', 'id: expected 1 to 200 printable'],
    ['id', 'half \ud800', 'id: expected 1 to 200 printable'],
    ['id', 'line\u2028', 'id: expected 1 to 200 printable'],
    ['id', 7, 'id: expected string, received number'],
    ['status', 'x'.repeat(41), 'status: expected 1 to 40 printable'],
    ['action', 'x'.repeat(201), 'action: expected 1 to 200 printable'],
    ['source', 'other', 'source: expected one of'],
    ['occurredAt', '1999-12-31T23:59:59.999Z', 'occurredAt: expected a time in UTC'],
    ['occurredAt', '2101-01-01T00:00:00.000Z', 'occurredAt: expected a time in UTC'],
    ['occurredAt', '2026-02-30T00:00:00.000Z', 'occurredAt: expected a time in UTC'],
    ['occurredAt', '2026-02-28T24:00:00.000Z', 'occurredAt: expected a time in UTC'],
    ['occurredAt', '2026-03-01T09:30:00Z', 'occurredAt: expected a time in UTC'],
    ['occurredAt', '2026-03-01T09:30:00.000+01:00', 'occurredAt: expected a time in UTC'],
    ['occurredAt', "2026-03'); DROP TABLE x; --", 'occurredAt: expected a time in UTC'],
    ['details', null, 'details: expected an object, got null'],
    ['details', [], 'details: expected an object, got a list of 0'],
    ['details', 'text', 'details: expected an object, got a text of 4 characters'],
    ['details', { a: { b: Number.NaN } }, 'details: expected a value of JSON, got NaN (at details.a.b)'],
    ['details', { a: () => 1 }, 'details: expected a value of JSON, got function'],
    ['details', { a: new Date(0) }, 'details: expected a value of JSON, got an object of a class'],
    ['details', JSON.parse('{"__proto__":{"x":1}}'), 'details: expected no field of the name "__proto__"'],
    ['text', 'hello', 'unknown field "text"'],
  ] as const)('may not have the %s %j', ([field, value, issue]) => {
    const issues = issuesOf({ [field]: value });
    expect(issues).toEqual([expect.stringContaining(issue)]);
    expect(() => requireRecord({ ...SOUND, [field]: value })).toThrow(TypeError);
  });

  test('is refused with all its errors, which quote no text', () => {
    const secret = 'hunter2hunter2';
    const issues = issuesOf({ id: `${secret}\n`, status: `${secret}\n`, details: secret });
    expect(issues).toHaveLength(3);
    expect(issues.join()).not.toContain(secret);
  });

  test('is refused if it is missing', () => {
    for (const input of [undefined, null, 7, [], 'x']) expect(parseRecord(input).ok).toBe(false);
  });
});

describe('details', () => {
  test('have a maximum size, in bytes', () => {
    const room = MAX_DETAILS_BYTES - '{"a":""}'.length;
    expect(issuesOf({ details: { a: 'x'.repeat(room) } })).toEqual([]);
    expect(issuesOf({ details: { a: 'ü'.repeat(room / 2 + 1) } })).toEqual([
      `details: expected at most ${MAX_DETAILS_BYTES} bytes as JSON, got ${MAX_DETAILS_BYTES + 2}`,
    ]);
  });

  test('may be 16 levels deep, and are refused beyond', () => {
    const nested = (levels: number): Json => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect(issuesOf({ details: nested(16) })).toEqual([]);
    expect(issuesOf({ details: nested(17) })).toEqual([expect.stringContaining('at most 16 levels')]);
    expect(issuesOf({ details: nested(5000) })).toEqual([expect.stringContaining('at most 16 levels')]);
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    expect(issuesOf({ details: ring })).toEqual([expect.stringContaining('at most 16 levels')]);
  });

  test('of the maximum size fit into an entry of the outbox, beside the largest other fields', () => {
    const record = {
      ...SOUND,
      tenantId: 'x'.repeat(64),
      id: '"'.repeat(200),
      action: '"'.repeat(200),
      status: '😀'.repeat(40),
      details: { a: '\u0001'.repeat((MAX_DETAILS_BYTES - 10) / 6) },
    };
    expect(parseRecord(record).ok).toBe(true);
    expect(JSON.stringify(record).length).toBeLessThan(MAX_RECORD_CHARACTERS);
  });
});

describe('a written record', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
  const record = fc.record({
    tenantId: fc.oneof(fc.constantFrom('acme', INSTALLATION), text),
    id: fc.oneof(text, fc.constant('x'.repeat(201))),
    source: fc.constantFrom('own', 'operator', 'genesys'),
    occurredAt: fc.constantFrom(SOUND.occurredAt, '2026-03-01', ''),
    action: fc.oneof(text, fc.constantFrom(SOUND.action, 'x'.repeat(201))),
    status: fc.oneof(text, fc.constantFrom(SOUND.status, 'x'.repeat(41))),
    details: fc.dictionary(
      text,
      fc.oneof(
        text,
        fc.json().map((json) => JSON.parse(json)),
      ),
    ),
  });

  test('is sound, or is refused: the store loses none', () => {
    fc.assert(
      fc.property(record, (unchecked) => {
        const given = unchecked as AuditRecord;
        if (!parseRecord(given).ok) expect(() => writeRecord(given)).toThrow(TypeError);
        else expect(parseRecord(JSON.parse(writeRecord(given)))).toMatchObject({ ok: true });
      }),
    );
  });

  test('is refused when its details are too large', () => {
    const details = { reason: 'x'.repeat(MAX_DETAILS_BYTES) };
    expect(() => writeRecord({ ...SOUND, source: 'own', details })).toThrow(TypeError);
  });
});

describe('the canonical text of a value', () => {
  const shuffled = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as Details)
        .reverse()
        .map(([name, held]) => [name, shuffled(held)]),
    );
  };
  // Parsed JSON has 0 in place of -0.
  const json = fc.json().map((text) => JSON.parse(text) as Json);

  test('parses to equal JSON, with its fields in any order', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('has this form', () => {
    const value = { b: [1, { z: 'ä\n', a: null }], a: true, 10: 1, 9: 1, gone: undefined as unknown as Json };
    expect(canonicalJson(value)).toBe('{"10":1,"9":1,"a":true,"b":[1,{"a":null,"z":"ä\\n"}]}');
  });
});
