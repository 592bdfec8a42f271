import { type Issue, preview } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { CATALOG, isJobKind, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';

/** A line of a batch: its kind, and the input of the contract of that kind. */
export interface BatchEntry {
  readonly kind: JobKind;
  readonly input: object;
  readonly issues?: never;
}

/** Kinds that a producer may enqueue. Only other jobs start the others. */
export const PRODUCER_KINDS: readonly JobKind[] = JOB_KINDS.filter(isProducerKind);

/** Whether it is the name of a kind that a producer may enqueue. */
export function isProducerKind(name: string): name is JobKind {
  return isJobKind(name) && CATALOG[name].kindCode !== null;
}

/**
 * Reads one line of a batch: `{"kind": "message-transmission", …}`. The fields of the contract stand
 * beside `kind`, so that a line is the body of a single request with one field more, and its issues
 * have the same paths. The contract checks the fields.
 */
export function batchEntryOf(value: unknown): BatchEntry | { readonly issues: readonly Issue[] } {
  if (!isRecord(value)) {
    return { issues: [{ path: '', message: `expected an object with a kind, got ${preview(value)}` }] };
  }
  const kind: unknown = Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
  if (typeof kind !== 'string' || !isProducerKind(kind)) {
    const came = kind === undefined ? 'but it is missing' : `got ${preview(kind)}`;
    return { issues: [{ path: 'kind', message: `expected one of ${PRODUCER_KINDS.join(', ')}, ${came}` }] };
  }
  const { kind: _, ...input } = value;
  return { kind, input };
}
