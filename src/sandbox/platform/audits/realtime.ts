import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { invalidValue, notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { checkFilter } from './check-filter.ts';
import { auditFilterShape, intervalOf, recordsFor } from './filter.ts';
import { realtimeServicesOf } from './service-mapping.ts';
import { expands, shownRecord } from './shown.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_PAGE_SIZE = 25;

const realtimeSchema = z.strictObject({
  ...auditFilterShape,
  pageNumber: z.int().min(1).nullish(),
  pageSize: z.int().min(1).nullish(),
});

const relatedSchema = z.strictObject({
  auditId: z.string(),
  trustorOrgId: z.string().nullish(),
  sort: auditFilterShape.sort,
});

/** Answers a query at once, with one page of its records. It goes back a few days only. */
export function createRealtimeQuery(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, body, query, nowMs }) => {
    const filter = check(realtimeSchema, body);
    if (filter instanceof PlatformError) return filter;
    const error = checkFilter(filter, realtimeServicesOf(world.settings.current), null);
    if (error !== undefined) return error;
    const { realtimeDays, maxPageSize } = world.settings.current.audits;
    const pageSize = filter.pageSize ?? Math.min(DEFAULT_PAGE_SIZE, maxPageSize);
    if (pageSize > maxPageSize) return invalidValue('pageSize', pageSize, `1 to ${maxPageSize}`);
    const startMs = intervalOf(filter.interval)?.startMs ?? nowMs;
    if (startMs < nowMs - realtimeDays * DAY_MS) {
      const message = `interval must start within the last ${realtimeDays} days`;
      return new PlatformError(400, 'constraint.validation', message);
    }
    const records = recordsFor(world.audits.visible(tenant, nowMs), filter);
    const pageNumber = filter.pageNumber ?? 1;
    const entities = records.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
    return ok({
      entities: entities.map((record) => shownRecord(record, expands(query, 'user'))),
      pageSize,
      pageNumber,
      total: records.length,
      pageCount: Math.ceil(records.length / pageSize),
    });
  });
}

/** Answers the records of the same action as one record. */
export function createRelatedQuery(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, body, query, nowMs }) => {
    const related = check(relatedSchema, body);
    if (related instanceof PlatformError) return related;
    const records = world.audits.visible(tenant, nowMs);
    const record = records.find(({ id }) => id === related.auditId);
    if (record === undefined) return notFound();
    const transaction = transactionOf(record);
    const entities = records.filter(
      (each) => each === record || (transaction !== undefined && transactionOf(each) === transaction),
    );
    return ok({ entities: entities.map((each) => shownRecord(each, expands(query, 'user'))) });
  });
}

function transactionOf(record: Readonly<Record<string, unknown>>): unknown {
  const action = record['initiatingAction'];
  if (typeof action !== 'object' || action === null || !('transactionId' in action)) return undefined;
  return action.transactionId;
}
