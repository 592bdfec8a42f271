/**
 * One operation of Genesys Cloud: its path, its scope, and the mapping between our fields and its
 * fields. The client does the rest.
 */
export interface Operation<Input, Output> {
  /** Name in logs, metrics and messages. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OAuth scope. Without it Genesys Cloud answers 403. */
  readonly scope: string;
  /** Statuses besides 2xx that are no failure. */
  readonly accepts?: readonly number[];
  /** A POST that changes nothing. It may be sent again after any failure. */
  readonly isQuery?: true;
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

/** Whether sending the operation twice may do something twice. */
export function changesSomething({
  method,
  isQuery,
}: Pick<Operation<never, unknown>, 'method' | 'isQuery'>): boolean {
  return method !== 'GET' && isQuery !== true;
}
