import { CodedError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { type AuditRecord, MAX_RECORD_CHARACTERS, parseRecord } from './record.ts';
import type { Appended, AuditStore } from './store.ts';

/**
 * Takes records as JSON texts, as the outbox has them. The thread of the store parses them, because
 * parsing takes longer than passing the texts on.
 */
export interface Intake {
  /**
   * Stores the records of the texts. Rejects when the database does not answer; it may have stored
   * some of them.
   * @param texts at most MAX_APPEND.
   */
  take(texts: readonly string[]): Promise<Taken>;
}

export interface Taken extends Appended {
  /** The number of texts without a sound record. */
  readonly malformed: number;
  /** The tenant of each record that the database refuses because of its data. */
  readonly refused: readonly string[];
}

export function createIntake(store: Pick<AuditStore, 'append'>): Intake {
  return {
    async take(texts) {
      const records = texts.map(recordOf).filter((record) => record !== undefined);
      return { ...(await appendSound(store, records)), malformed: texts.length - records.length };
    },
  };
}

/** Halves the batch until each refused record is alone. So the store takes all other records. */
async function appendSound(
  store: Pick<AuditStore, 'append'>,
  records: readonly AuditRecord[],
): Promise<Appended & Pick<Taken, 'refused'>> {
  try {
    return { ...(await store.append(records)), refused: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const [first] = records;
  if (first && records.length === 1) return { added: 0, known: 0, refused: [first.tenantId] };
  const middle = Math.ceil(records.length / 2);
  const one = await appendSound(store, records.slice(0, middle));
  const other = await appendSound(store, records.slice(middle));
  return {
    added: one.added + other.added,
    known: one.known + other.known,
    refused: [...one.refused, ...other.refused],
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'AUDIT_RECORD_REFUSED';
}

/** The record in a text; undefined when it is not sound. */
function recordOf(text: string): AuditRecord | undefined {
  if (text.length > MAX_RECORD_CHARACTERS) return undefined;
  const parsed = parseRecord(parseJson(text));
  return parsed.ok ? parsed.data : undefined;
}
