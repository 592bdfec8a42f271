import { z } from 'zod';

/** The numbers of records that a sync has read: of one page, one window, or all windows. */
export interface Counts {
  /** All records of the answers. */
  readonly read: number;
  /** Records that are new in the store. */
  readonly added: number;
  /** Records that the store had already. */
  readonly known: number;
  /**
   * Records of another time, action or organization than the query asked for. They are left out.
   */
  readonly outOfRange: number;
  /** Records that cannot be read. */
  readonly unreadable: number;
}

/** The fields of {@link Counts} in a saved state. */
export const COUNTS = {
  read: z.number(),
  added: z.number(),
  known: z.number(),
  outOfRange: z.number(),
  unreadable: z.number(),
};

export const NO_COUNTS: Counts = { read: 0, added: 0, known: 0, outOfRange: 0, unreadable: 0 };

/** The counts of both, and no other field. */
export function sumOf(one: Counts, other: Counts): Counts {
  return {
    read: one.read + other.read,
    added: one.added + other.added,
    known: one.known + other.known,
    outOfRange: one.outOfRange + other.outOfRange,
    unreadable: one.unreadable + other.unreadable,
  };
}
