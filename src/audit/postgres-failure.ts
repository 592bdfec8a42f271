import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
import { describePostgresUrl } from './postgres-url.ts';

/**
 * The SQLSTATE of an error of the server. Errors of the driver and the network have other codes.
 */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** Whether the server refused one statement and the connection still works. */
export function isOfStatement(error: unknown): boolean {
  return sqlStateOf(error) !== undefined && (error as { readonly severity?: unknown }).severity === 'ERROR';
}

/** The driver has no code for it, so this reads the message. */
export function hasNoTls(error: unknown): boolean {
  return /does not support SSL/.test(messageOf(error));
}

/** Translates an error into a code of ours. */
export function coded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const state = sqlStateOf(error);
  // Class 22: the data are wrong, so a second try fails as well.
  if (state?.startsWith('22')) {
    const reason = `the audit database refuses a record (SQLSTATE ${state})`;
    return new CodedError('AUDIT_RECORD_REFUSED', reason, { cause: error });
  }
  return unavailable(
    state === undefined ? messageOf(error) : `${messageOf(error)} (SQLSTATE ${state})`,
    error,
  );
}

export function unavailable(reason: string, cause?: unknown): CodedError {
  return new CodedError('AUDIT_STORE_UNAVAILABLE', `the audit database cannot be used: ${reason}`, { cause });
}

/** Explains to the operator why the database could not be opened. */
export function describeOpenFailure(url: string, thrown: unknown): OperatorError {
  if (thrown instanceof OperatorError) return thrown;
  const cause = thrown instanceof CodedError && thrown.cause !== undefined ? thrown.cause : thrown;
  const state = sqlStateOf(cause) ?? '';
  const address = `The audit database at ${describePostgresUrl(url)}`;
  const reason = messageOf(cause) || String((cause as { code?: unknown }).code ?? '');
  if (state.startsWith('28')) {
    return new OperatorError(
      `${address} refuses the login (${reason}). Check user and password in AUDIT_DATABASE_URL.`,
    );
  }
  if (state === '3D000') {
    return new OperatorError(
      `${address} is not there (${reason}). Create it, or name another in AUDIT_DATABASE_URL.`,
    );
  }
  if (state === '42501') {
    return new OperatorError(
      `${address} does not let this user create tables (${reason}). Grant CREATE on its schema to the user.`,
    );
  }
  if (state !== '' && !/^(08|57)/.test(state)) {
    return new OperatorError(`${address} cannot be used (${reason}).`);
  }
  if (/SSL connections?|certificate|self[- ]signed|SSL routines/i.test(reason)) {
    return new OperatorError(
      `${address} cannot be reached over TLS as its sslmode says (${reason}). See sslmode in AUDIT_DATABASE_URL.`,
    );
  }
  return new OperatorError(
    `${address} does not answer (${reason}). Start it, or set AUDIT_DATABASE_URL to where it is.`,
  );
}
