import { CodedError } from '../src/core/errors.ts';
import type { Handler } from '../src/runtime/handler.ts';
import type { DialectName } from '../src/tenants/dialect.ts';

/** The handlers of one kind, one for each dialect. */
export type HandlersByDialect<Data> = Readonly<Record<DialectName, Handler<Data>>>;

/** Runs a job with the handler of its tenant's dialect. */
export function byDialect<Data>(handlers: HandlersByDialect<Data>): Handler<Data> {
  return (job) => handlers[job.tenant.dialect](job);
}

/** The handler of a kind for which a dialect has no operation. @param remedy what to do instead. */
export function unavailable(remedy: string): Handler<unknown> {
  return () => {
    throw new CodedError('CAPABILITY_UNAVAILABLE', remedy);
  };
}
