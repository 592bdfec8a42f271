import { invalidParameter, PlatformError } from '../requests/errors.ts';
import { type AuditFilter, intervalOf } from './filter.ts';
import type { AuditedService } from './service-mapping.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The 400 of a query that no service can answer. Undefined for one that can run. */
export function checkFilter(
  { interval, serviceName }: AuditFilter,
  services: readonly AuditedService[],
  maxIntervalDays: number | null,
): PlatformError | undefined {
  const span = intervalOf(interval);
  if (span === undefined) {
    return new PlatformError(
      400,
      'invalid.date',
      `Value [${interval}] is not an interval of two ISO-8601 times`,
    );
  }
  if (maxIntervalDays !== null && span.endMs - span.startMs > maxIntervalDays * DAY_MS) {
    const message = `interval must not be longer than ${maxIntervalDays} days`;
    return new PlatformError(400, 'constraint.validation', message);
  }
  if (!serviceName || services.some(({ name }) => name === serviceName)) return undefined;
  const names = services.map(({ name }) => name).join(', ');
  const { message } = invalidParameter('serviceName', serviceName, names);
  return new PlatformError(400, 'invalid.value', message, {
    details: [{ errorCode: 'invalid.value', fieldName: 'serviceName' }],
  });
}
