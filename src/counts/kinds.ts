import { CATALOG, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';

/** A kind whose jobs count. Callbacks do not. */
export interface CountedKind {
  readonly kind: JobKind;
  readonly kindCode: string;
}

export const COUNTED_KINDS: readonly CountedKind[] = JOB_KINDS.flatMap((kind) => {
  const { kindCode } = CATALOG[kind];
  return kindCode === null ? [] : [{ kind, kindCode }];
});

export const KIND_CODES: readonly string[] = COUNTED_KINDS.map(({ kindCode }) => kindCode);
