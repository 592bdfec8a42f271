import { OperatorError } from '../core/errors.ts';

/** With its offset, or a date alone, which means midnight in UTC: no machine's own time zone. */
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** The moment that the value of an option names. @throws {OperatorError} saying what is wanted. */
export function parseMoment(option: string, text: string): Date {
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return new Date(ms);
  const got = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  throw new OperatorError(
    `${option}: got ${got}, expected a time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01.`,
  );
}
