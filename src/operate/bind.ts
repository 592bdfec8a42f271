import type { Action, Acts, Who } from '../audit/act-record.ts';
import type { Author } from './author.ts';
import type { Operation } from './operation.ts';

/** A table of operations: the name of each function, and what it does. */
export type OperationTable = Readonly<Record<string, Operation<never, unknown>>>;

/** The functions of a table, for one author. */
export type Bound<Table extends OperationTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Operation<infer Input, infer Result>
    ? (input: Input) => Result
    : never;
};

export interface Recording {
  readonly acts: Acts;
  /** @see Acting.prepare */
  readonly prepare?: () => Promise<void>;
  /** Called when Redis did not take the record of an act. */
  readonly onUnrecorded: (error: Error) => void;
  /** Called with an act that found nothing, in the place of its record. */
  readonly onNothing?: ((act: Nothing) => void) | undefined;
}

/** An act on an id that nothing of the author's tenants has. */
export interface Nothing {
  readonly action: Action;
  readonly by: string;
}

/** Makes the functions of an author. Each call of them leaves an audit record, unless it found nothing. */
export function bindOperations<const Table extends OperationTable>(
  table: Table,
  { acts, prepare = async () => {}, onUnrecorded, onNothing }: Recording,
  author: Author,
): Bound<Table> {
  const who = whoOf(author);
  const bound = Object.entries(table).map(([name, operation]) => {
    const { action } = operation;
    const note = async (act: Parameters<Parameters<typeof operation.run>[1]['note']>[0]) => {
      try {
        await acts.note({ ...act, ...who, action });
        return undefined;
      } catch (cause) {
        const about = `${action} ${act.subject ?? ''}`.trimEnd();
        const error = new Error(`Redis did not take the audit record of ${about} by ${who.by}`, { cause });
        onUnrecorded(error);
        return error;
      }
    };
    const foundNothing = () => onNothing?.({ action, by: who.by });
    return [name, (input: never) => operation.run(input, { author, prepare, note, foundNothing })];
  });
  return Object.fromEntries(bound) as Bound<Table>;
}

function whoOf({ by, keyName, host }: Author): Who {
  return { by, ...(keyName !== undefined && { keyName }), ...(host !== undefined && { host }) };
}
