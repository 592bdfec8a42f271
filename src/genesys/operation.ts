import type { ErrorCode } from '../core/errors.ts';

/** The permissions of the roles of an OAuth client that allow an operation. */
export interface Permissions {
  readonly names: readonly string[];
  /** Whether one of them is enough; otherwise the client needs all. */
  readonly any?: true;
}

/**
 * One operation of Genesys Cloud: its path, what the OAuth client needs for it, and the mapping
 * between our fields and its fields. The client does the rest.
 */
export interface Operation<Input, Output> {
  /** Name in logs, metrics and messages. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** In the dialect `guest`: the OAuth scope. Without it Genesys Cloud answers 403. */
  readonly scope?: string;
  /** In the dialect `platform`: the permissions. Without them Genesys Cloud answers 403. */
  readonly permissions?: Permissions;
  /** Codes of error bodies that mean something else than their status says: 400, 403, 404 or 409. */
  readonly codes?: Readonly<Record<string, ErrorCode>>;
  /** Statuses besides 2xx that are no failure. */
  readonly accepts?: readonly number[];
  /** A POST that changes nothing. It may be sent again after any failure. */
  readonly isQuery?: true;
  /** Sent for each message of a customer. Such requests take the short way (`OutboundRequest.isHot`). */
  readonly isHot?: true;
  /** Longest answer that is read, bytes. That of the client by default; lists need more. */
  readonly maxAnswerBytes?: number;
  /**
   * The messages of a 422's field errors become details of the error. This is allowed if an
   * operator wrote the content, because the messages then cannot quote a customer.
   */
  readonly reportsReasons?: boolean;
  /** Headers besides the common ones. */
  headers?(input: Input): Readonly<Record<string, string>>;
  path(input: Input): string;
  /** Body of the request; undefined for a request without a body. `now` is for time stamps. */
  body(input: Input, now: Date): unknown;
  /**
   * Reads an answer of 2xx, or of an accepted status. If the request delivers something, this must
   * not throw on an unexpected body: an error here would send the request again.
   */
  read(answer: unknown, status: number): Output;
}

/** An operation that is allowed by a scope. */
export type ScopedOperation<Input, Output> = Operation<Input, Output> & { readonly scope: string };

/** Whether sending the operation twice may do something twice. */
export function changesSomething({
  method,
  isQuery,
}: Pick<Operation<never, unknown>, 'method' | 'isQuery'>): boolean {
  return method !== 'GET' && isQuery !== true;
}
