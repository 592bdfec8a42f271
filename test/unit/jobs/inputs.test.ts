import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { CATALOG } from '../../../src/jobs/catalog.ts';
import type { ConfigRolloutInput } from '../../../src/jobs/config-rollout.ts';
import type { ProducerInputs } from '../../../src/jobs/inputs.ts';

type SchemaInput<Kind extends keyof typeof CATALOG> = z.input<(typeof CATALOG)[Kind]['schema']>;
type KeysOf<Union> = Union extends unknown ? keyof Union : never;

/** Only the runtime enqueues steps. */
type Offered = Exclude<ConfigRolloutInput, { rolloutId: string }>;

test('the documented inputs have exactly the fields of the schemas', () => {
  expectTypeOf<ProducerInputs['message-transmission']>().toExtend<SchemaInput<'message-transmission'>>();
  expectTypeOf<SchemaInput<'message-transmission'>>().toExtend<ProducerInputs['message-transmission']>();
  expectTypeOf<ProducerInputs['card-delivery']>().toExtend<SchemaInput<'card-delivery'>>();
  expectTypeOf<SchemaInput<'card-delivery'>>().toExtend<ProducerInputs['card-delivery']>();
  expectTypeOf<ProducerInputs['config-rollout']>().toExtend<Offered>();
  expectTypeOf<Offered>().toExtend<ProducerInputs['config-rollout']>();
  expectTypeOf<ProducerInputs['embed-generation']>().toExtend<SchemaInput<'embed-generation'>>();
  expectTypeOf<SchemaInput<'embed-generation'>>().toExtend<ProducerInputs['embed-generation']>();
  expectTypeOf<ProducerInputs['audit-sync']>().toExtend<SchemaInput<'audit-sync'>>();
  expectTypeOf<SchemaInput<'audit-sync'>>().toExtend<ProducerInputs['audit-sync']>();

  expectTypeOf<keyof ProducerInputs['message-transmission']>().toEqualTypeOf<
    keyof SchemaInput<'message-transmission'>
  >();
  expectTypeOf<keyof ProducerInputs['card-delivery']>().toEqualTypeOf<keyof SchemaInput<'card-delivery'>>();
  expectTypeOf<KeysOf<ProducerInputs['config-rollout']>>().toEqualTypeOf<KeysOf<Offered>>();
  expectTypeOf<keyof ProducerInputs['embed-generation']>().toEqualTypeOf<
    keyof SchemaInput<'embed-generation'>
  >();
  expectTypeOf<keyof ProducerInputs['audit-sync']>().toEqualTypeOf<
    Exclude<keyof SchemaInput<'audit-sync'>, 'syncId'>
  >();
});
