import { describe, expect, test } from 'vitest';
import { expectLinear } from '../../support/effort.ts';
import { attachmentOf, issuesOf, messageOf, plain } from './messages.ts';

/** Three times the frames that the stack of Node holds for the smallest function. */
const DEPTH = 50_000;

/** Values as NDJSON gives them to a producer. */
function parse(json: string): unknown {
  return JSON.parse(json);
}

const deepList = () => parse('['.repeat(DEPTH) + ']'.repeat(DEPTH));
const deepObject = () => parse(`${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`);

const FIELDS = [
  'tenantId',
  'guestId',
  'conversationId',
  'body',
  'attachments',
  'readReceipt',
  'split',
  'idempotencyKey',
  'callback',
  'priority',
  'expiresAt',
  'unknown',
];

describe('deep nesting is refused without a stack overflow', () => {
  test('as the whole input', () => {
    expect(issuesOf(deepList())).toEqual(['expected object, received array']);
    expect(issuesOf(deepObject())).not.toEqual([]);
  });

  test.for(FIELDS)('as %s', (field) => {
    expect(issuesOf(messageOf({ [field]: deepList() }))).not.toEqual([]);
    expect(issuesOf(messageOf({ [field]: deepObject() }))).not.toEqual([]);
  });

  test.for(['contentType', 'content', 'unknown'])('as body.%s', (field) => {
    expect(issuesOf(messageOf({ body: { ...plain('Hello'), [field]: deepObject() } }))).not.toEqual([]);
    expect(issuesOf(messageOf({ body: { ...plain('Hello'), [field]: deepList() } }))).not.toEqual([]);
  });

  test('as an attachment, and as a field of one', () => {
    for (const value of [deepList(), deepObject()]) {
      expect(issuesOf(messageOf({ attachments: [value] }))).not.toEqual([]);
      expect(issuesOf(messageOf({ attachments: [attachmentOf({ url: value })] }))).not.toEqual([]);
    }
  });
});

describe('a value without a string form is refused, without an exception', () => {
  test.for(['{"toString":1}', '{"toString":null,"valueOf":null}', '{"__proto__":null}'])('%s', (json) => {
    const value = parse(json);
    for (const field of ['contentType', 'content']) {
      expect(issuesOf(messageOf({ body: { ...plain('Hello'), [field]: value } }))).not.toEqual([]);
    }
    for (const field of FIELDS) expect(issuesOf(messageOf({ [field]: value }))).not.toEqual([]);
  });
});

describe('__proto__', () => {
  const GOOD = JSON.stringify(messageOf());
  const withProto = (proto: string) => parse(`{"__proto__":${proto},${GOOD.slice(1)}`);

  test('is an unknown field', () => {
    expect(issuesOf(withProto('{"split":true}'))).toEqual(['unknown field "__proto__"']);
    expect(issuesOf(messageOf({ constructor: { prototype: {} } }))).toEqual(['unknown field "constructor"']);
  });

  test('does not supply missing fields, and changes no prototype', () => {
    const input = parse(`{"__proto__":{"body":${JSON.stringify(plain('Hello'))}},"tenantId":"acme"}`);
    expect(issuesOf(input)).toContain('body: expected object, but it is missing');
    expect(issuesOf(withProto('{"polluted":true}'))).not.toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  test('is an unknown field of a body, an attachment and a callback', () => {
    const body = parse('{"contentType":"text/plain","content":"Hello","__proto__":{}}');
    expect(issuesOf(messageOf({ body }))).toEqual(['body: unknown field "__proto__"']);
  });
});

describe('a flood is refused in linear time, with a short error', () => {
  const COUNT = 250_000;
  const fill = (count: number, value: unknown) => Array.from({ length: count }, () => value);

  test.for([
    { name: 'attachments', inputOf: (count: number) => messageOf({ attachments: fill(count, {}) }) },
    {
      name: 'attachments of another type',
      inputOf: (count: number) => messageOf({ attachments: fill(count, 1) }),
    },
    {
      name: 'callback events',
      inputOf: (count: number) =>
        messageOf({ callback: { url: 'https://a.example', events: fill(count, 'x') } }),
    },
    {
      name: 'a text of 16 MiB',
      inputOf: (count: number) => messageOf({ body: plain('<script>'.repeat(8 * count)) }),
    },
    { name: 'an id of 16 MiB', inputOf: (count: number) => messageOf({ guestId: 'a'.repeat(64 * count) }) },
    {
      name: 'an address of 16 MiB',
      inputOf: (count: number) => messageOf({ callback: { url: `https://${'a'.repeat(64 * count)}` } }),
    },
    {
      name: 'a file name of 16 MiB',
      inputOf: (count: number) =>
        messageOf({ attachments: [attachmentOf({ fileName: 'a'.repeat(64 * count) })] }),
    },
  ])('of $name', ({ inputOf }) => {
    const issues = expectLinear(COUNT, inputOf, issuesOf);
    expect(issues).not.toEqual([]);
    expect(issues.join().length).toBeLessThan(10_000);
  });
});
