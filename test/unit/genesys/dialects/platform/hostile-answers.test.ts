import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../../../src/core/errors.ts';
import * as audits from '../../../../../src/genesys/dialects/platform/audits.ts';
import * as configurations from '../../../../../src/genesys/dialects/platform/configurations.ts';
import * as deployments from '../../../../../src/genesys/dialects/platform/deployments.ts';
import { changesSomething, type Operation } from '../../../../../src/genesys/operation.ts';

const operations = [audits, configurations, deployments]
  .flatMap((module) => Object.values<unknown>(module))
  .filter(
    (entry): entry is Operation<never, unknown> =>
      typeof entry === 'object' && entry !== null && 'read' in entry,
  );
const changing = operations.filter(changesSomething);
const asking = operations.filter((operation) => !changesSomething(operation));

/** A value with a hostile `length`, which zod and others compare. */
const UNCOMPARABLE = { length: { toString: 0, valueOf: 0 } };
const FIELDS = [
  ...['id', 'name', 'version', 'status', 'dateModified', 'configuration', 'entities', 'nextUri', 'cursor'],
  ...[
    'services',
    'actions',
    'state',
    'pageCount',
    'eventDate',
    'entityType',
    'serviceName',
    'action',
    'snippet',
  ],
  ...['length', 'toString', '__proto__', 'constructor'],
];
const leaf = fc.oneof(fc.constant(UNCOMPARABLE), fc.jsonValue({ maxDepth: 2 }));
const { value: hostile } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6 }),
  ),
}));

describe('an answer of the platform with any body', () => {
  test('is tested for every operation', () => {
    expect(changing.map(({ name }) => name).toSorted()).toEqual([
      'configuration.create',
      'configuration.publish',
      'configuration.write',
      'deployment.create',
      'deployment.update',
    ]);
    expect(asking).toHaveLength(10);
  });

  test.for(changing)('means that $name was carried out', ({ read }) => {
    fc.assert(fc.property(fc.option(hostile, { nil: undefined }), (answer) => void read(answer, 200)));
  });

  test.for(asking)('is read, or refused as malformed: $name', ({ read }) => {
    fc.assert(
      fc.property(fc.option(hostile, { nil: undefined }), (answer) => {
        try {
          read(answer, 200);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
          expect((error as CodedError).code).toMatch(/MALFORMED|^GENESYS_UNAVAILABLE$/);
        }
      }),
    );
  });
});
