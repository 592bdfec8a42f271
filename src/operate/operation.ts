import type { Act, Action, ActStatus } from '../audit/act-record.ts';
import type { Details } from '../audit/record.ts';
import { CodedError, OperatorError } from '../core/errors.ts';
import type { Author } from './author.ts';
import { knownForm } from './known-form.ts';

/**
 * What operators do. An operation exists only as an entry of a table, and {@link bindOperations}
 * alone makes functions of the entries. So no operation changes anything without an audit record.
 */
export interface Operation<Input, Result> {
  readonly action: Action;
  run(input: Input, acting: Acting): Result;
}

/** One call of an operation. */
export interface Acting {
  readonly author: Author;
  /** Brings what this process knows of the installation up to date, before it looks for anything. */
  prepare(): Promise<void>;
  /** Resolves in any case. @returns why Redis did not take the record. */
  note(act: Omit<Act, 'action' | 'by'>): Promise<Error | undefined>;
  /** Called in the place of a record when nothing of the author's tenants has the id. */
  foundNothing(): void;
}

/** What an act is about. */
export interface Target {
  readonly subject: string | null;
  readonly tenants: readonly string[] | 'all';
}

/** How an act ended, for its caller and for the record. */
export interface Came<Result> extends Partial<Target> {
  readonly status: ActStatus;
  readonly result: Result;
  readonly details?: Details;
}

export interface OperationSpec<Input, Found extends Target, Result> {
  readonly action: Action;
  /** The id that the caller gave, for the record of a search that failed. */
  named?(input: Input): string;
  /** Further fields of every record. */
  detailsOf?(input: Input): Details;
  /** Undefined when nothing of a tenant of the author has the id. */
  find(input: Input, author: Author): Promise<Found | undefined> | Found | undefined;
  perform(found: Found, input: Input): Promise<Came<Result>>;
  /** The result when nothing was found; left out by an operation that always finds. */
  readonly missing?: Result;
  /** It acts on many things, so it has a record before the first of them as well. */
  readonly isLong?: true;
  /** Undoes an act that must not stay without a record. @throws an error for the operator. */
  unrecorded?(result: Result, error: Error): Promise<void>;
}

/** An operation with one result. An error of it is recorded, and thrown again. */
export function defineOperation<Input, Found extends Target, Result>(
  spec: OperationSpec<Input, Found, Result>,
): Operation<Input, Promise<Result>> {
  return {
    action: spec.action,
    async run(input, { author, prepare, note, foundNothing }) {
      const given = spec.detailsOf?.(input);
      let target: Target = unknownTarget(spec.named?.(input));
      let came: Came<Result>;
      try {
        await prepare();
        const found = await spec.find(input, author);
        if (!found) {
          // Records are kept, and callers may invent any number of ids.
          foundNothing();
          return spec.missing as Result;
        }
        target = found;
        if (spec.isLong) await note({ ...targetOf(target), status: 'begun', ...detailsIn(given) });
        came = await spec.perform(found, input);
      } catch (error) {
        await note({ ...targetOf(target), ...failureOf(error, given) });
        throw error;
      }
      const { status, result, details } = came;
      const act = { ...targetOf({ ...target, ...came }), status, ...detailsIn({ ...given, ...details }) };
      const missing = await note(act);
      if (missing) await spec.unrecorded?.(result, missing);
      return result;
    },
  };
}

/** Nothing of a tenant has this id. So the record is one of the installation. */
export function unknownTarget(named: string | undefined): Target {
  return { subject: knownForm(named), tenants: 'all' };
}

/** Status and details of an act that an error ended. The text of an error may quote values. */
export function failureOf(error: unknown, details?: Details): { status: ActStatus; details: Details } {
  const isRefused = error instanceof OperatorError && REFUSALS.has(error.failure);
  return { status: isRefused ? 'refused' : 'failed', details: { ...details, error: codeOf(error) } };
}

const REFUSALS: ReadonlySet<string> = new Set(['usage', 'refused', 'not-found']);

function codeOf(error: unknown): string {
  if (error instanceof CodedError) return error.code;
  return error instanceof OperatorError ? error.failure : 'internal';
}

function targetOf({ subject, tenants }: Target): Target {
  return { subject, tenants };
}

function detailsIn(details: Details | undefined): { details?: Details } {
  return details === undefined || Object.keys(details).length === 0 ? {} : { details };
}
