import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { classify } from '../../../src/genesys/classify.ts';
import { createGenesysClient } from '../../../src/genesys/client.ts';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import { lifeMsOf } from '../../../src/genesys/oauth.ts';
import { changesSomething, type Operation } from '../../../src/genesys/operation.ts';
import { answerOf } from '../../../src/outbound/answer.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';
import { failureOf } from './failures.ts';

const DIALECTS = fileURLToPath(new URL('../../../src/genesys/dialects', import.meta.url));

/** Values with a hostile `length`, which zod and others compare. */
const UNCOMPARABLE = { length: { toString: 0, valueOf: 0 } };

const operations = Object.values<unknown>(guest).filter(
  (entry): entry is Operation<never, unknown> =>
    typeof entry === 'object' && entry !== null && 'read' in entry,
);
const fields = [
  'id',
  'name',
  'status',
  'version',
  'configuration',
  'entities',
  'records',
  'targets',
  'details',
  'errors',
  'code',
  'message',
  'fieldName',
  'features',
  'properties',
  'length',
  'toString',
  'valueOf',
  '__proto__',
  'constructor',
];
const leaf = fc.oneof(fc.constant(UNCOMPARABLE), fc.jsonValue({ maxDepth: 2 }));
const hostile = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** The result of a call whose answer has status 200 and this text. */
function called(operation: Operation<never, unknown>, body: string, status = 200): Promise<unknown> {
  const client = createGenesysClient({
    tokens: { get: async () => 'token', has: () => true },
    transport: { send: async () => answerOf(status, {}, body, 'whole'), close: async () => {} },
    clock: { now: () => 0 },
    requestTimeoutMs: 1000,
    maxAnswerBytes: 1_000_000,
  });
  const plain = { ...operation, path: () => '/x', body: () => ({}), headers: () => ({}) };
  return client.call(
    load({ tenants: [tenantOf()] }).get('acme'),
    plain as Operation<unknown, unknown>,
    {},
    { requestId: 'job-1' },
  );
}

const anyBody = fc.oneof(
  hostile.map((value) => JSON.stringify(value)),
  fc.string(),
);
const changing = operations.filter(changesSomething);

describe('an answer of 2xx', () => {
  const asking = operations.filter((operation) => !changesSomething(operation));

  test('is tested for every operation', () => {
    expect(changing.map(({ name }) => name).toSorted()).toEqual([
      'card.send',
      'configuration.replicate',
      'configuration.write',
      'deployment.create',
      'deployment.update',
      'message.send',
    ]);
    expect(asking.length).toBeGreaterThanOrEqual(7);
  });

  test.for(changing)('means that $name was carried out, with any body', async (operation) => {
    await expect(called(operation, JSON.stringify({ id: UNCOMPARABLE }))).resolves.toBeDefined();
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        expect(await called(operation, body)).toBeDefined();
      }),
    );
  });

  test.for(asking)('is read or refused as malformed, with any body: $name', async (operation) => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const outcome = await called(operation, body).catch((error: unknown) => error);
        if (!(outcome instanceof Error)) return;
        expect(outcome).toBeInstanceOf(CodedError);
        expect((outcome as CodedError).code).toMatch(/MALFORMED|^GENESYS_UNAVAILABLE$/);
      }),
    );
  });
});

const RECORD = { id: 'r-1', timestamp: '2024-05-01T08:00:00.000Z', action: 'Update' };
const WIDGET = { id: 'w', name: 'n', status: 's', configuration: { features: [] } };

describe('a field whose length cannot be compared', () => {
  test('counts as missing if the answer may lack it', () => {
    const odd = { ...RECORD, status: UNCOMPARABLE, organizationId: UNCOMPARABLE };
    expect(guest.queryAudit.read({ records: [odd], total: UNCOMPARABLE }, 200)).toMatchObject({
      records: [{ id: 'r-1', status: null, organizationId: null }],
      unreadable: 0,
      total: null,
    });
  });

  test.for([
    [guest.listDeployments, { entities: [{ id: 'd', name: UNCOMPARABLE }] }, 'entities[0].name'],
    [guest.listDeployments, { entities: UNCOMPARABLE }, 'entities'],
    [guest.readDeployment, { id: UNCOMPARABLE, name: 'n' }, 'id'],
    [guest.readReplication, { status: 'running', targets: UNCOMPARABLE }, 'targets'],
    [guest.readWidget, { ...WIDGET, id: UNCOMPARABLE }, 'id'],
    [guest.readWidget, { ...WIDGET, environment: UNCOMPARABLE }, 'environment'],
    [guest.readWidget, { ...WIDGET, configuration: { features: UNCOMPARABLE } }, 'configuration.features'],
  ] as const)('is the only field in the error: %#', ([operation, answer, path]) => {
    const { details } = failureOf(operation as Operation<never, unknown>, answer);
    expect(details).toHaveLength(1);
    expect(details[0]).toContain(`${path}: expected `);
    expect(details[0]).toContain(', received object');
  });

  test.for(changing)('does not fail a change, in any place: $name', ({ read }) => {
    const answer = { attachments: UNCOMPARABLE, id: 'm-1', length: UNCOMPARABLE.length, version: 3 };
    expect(JSON.stringify(read(answer, 200))).toMatch(/"m-1"|"version":3/);
    expect(JSON.stringify(read({ ...answer, id: UNCOMPARABLE, version: UNCOMPARABLE }, 200))).toContain(
      'null',
    );
  });

  test('is never compared, because schemas of answers use our own length checks', () => {
    for (const file of globSync(`${DIALECTS}/**/*.ts`)) {
      const own =
        /z\s*\.string\(\)\s*\.(?:min|max|length|nonempty)\(|z\s*\.array\([^()]*(?:\([^()]*\))?[^()]*\)\s*\.(?:min|max|length|nonempty)\(/;
      expect(readFileSync(file, 'utf8'), file).not.toMatch(own);
    }
  });
});

test('an answer without success becomes a coded error, with any body', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 999 }), hostile, (status, body) => {
      const error = classify(guest.sendMessage, { status, headers: new Headers(), body }, 0);
      expect(error).toMatchObject({ status });
    }),
  );
  const details = [{ fieldName: UNCOMPARABLE, code: UNCOMPARABLE }, UNCOMPARABLE];
  const body = { code: UNCOMPARABLE, contextId: UNCOMPARABLE, details, errors: UNCOMPARABLE };
  expect(classify(guest.sendMessage, { status: 400, headers: new Headers(), body }, 0).details).toEqual([]);
});

test.for([
  [86_399, 86_399_000],
  ['86399', 86_399_000],
  [' 3600 ', 3_600_000],
  [1e300, 172_800_000],
  [Number.POSITIVE_INFINITY, 172_800_000],
  ['1e300', 172_800_000],
  [0, 61_000],
  [-5, 61_000],
  ['-5', 61_000],
  [1.5, 61_000],
] as const)('a token with expires_in %j lives for %i ms', ([expiresIn, lifeMs]) => {
  expect(lifeMsOf(expiresIn)).toBe(lifeMs);
});

test.for([undefined, null, '', 'soon', Number.NaN, true, UNCOMPARABLE])(
  'expires_in %j does not say how long the token lives',
  (expiresIn) => {
    expect(lifeMsOf(expiresIn)).toBeNull();
  },
);
