import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { generalError, invalidParameter, notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok, timeText } from '../requests/handler.ts';
import { wholeNumber } from '../requests/numbered-page.ts';
import type { PlatformWorld } from '../world.ts';
import { checkFilter } from './check-filter.ts';
import { type AuditFilter, auditFilterShape } from './filter.ts';
import { type AuditQuery, stateOf } from './queries.ts';
import { servicesOf } from './service-mapping.ts';
import { expands, shownRecord } from './shown.ts';

const querySchema = z.strictObject(auditFilterShape);

/** Documented: 25 records by default. */
const DEFAULT_PAGE_SIZE = 25;

/** Starts a query. Its result is there later. */
export function createQueryStart(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, body, nowMs }) => {
    const filter = check(querySchema, body);
    if (filter instanceof PlatformError) return filter;
    const { maxIntervalDays } = world.settings.current.audits;
    const error = checkFilter(filter, servicesOf(world.settings.current), maxIntervalDays);
    if (error !== undefined) return error;
    return ok(shownQuery(world.auditQueries.start(tenant, filter, nowMs), nowMs), 202);
  });
}

/** Reads the state of a query: 202 until it has ended. */
export function createQueryRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const query = world.auditQueries.find(tenant, params['transactionId'] ?? '', nowMs);
    if (query === undefined) return notFound();
    return ok(shownQuery(query, nowMs), nowMs < query.endsAtMs ? 202 : 200);
  });
}

/** Reads one page of a result. A page without `cursor` is the last one. */
export function createQueryResults(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, query, arrival, nowMs }) => {
    const found = world.auditQueries.find(tenant, params['transactionId'] ?? '', nowMs);
    if (found === undefined) return notFound();
    if (stateOf(found, nowMs) !== 'Succeeded') return generalError(400, 'The query has no results.');
    const { maxPageSize, redirectsAbove } = world.settings.current.audits;
    const absent = Math.min(DEFAULT_PAGE_SIZE, maxPageSize);
    const pageSize = wholeNumber('pageSize', query, absent, maxPageSize);
    if (pageSize instanceof PlatformError) return pageSize;
    const records = world.auditQueries.recordsOf(found);
    const start = startOf(query['cursor']);
    if (start === undefined || start > records.length) {
      return invalidParameter('cursor', query['cursor'] ?? '', 'a cursor of the page before');
    }
    const mayRedirect = query['allowRedirect'] === 'true' && redirectsAbove !== null;
    if (mayRedirect && records.length > redirectsAbove) return redirect(found, arrival.headers.host);
    const end = start + pageSize;
    return ok({
      id: found.id,
      pageSize,
      ...(end < records.length && { cursor: cursorOf(end) }),
      entities: records.slice(start, end).map((record) => shownRecord(record, expands(query, 'user'))),
    });
  });
}

/** The path of a whole result, on the host for files. */
export const DOWNLOAD_PATH = '/sandbox-downloads/audits/:transactionId';

function redirect({ id }: AuditQuery, host = 'localhost') {
  const downloadUrl = `http://${host}${DOWNLOAD_PATH.replace(':transactionId', id)}`;
  return { status: 302, body: { id, downloadUrl }, headers: { location: downloadUrl } };
}

function shownQuery(query: AuditQuery, nowMs: number): object {
  const { interval, serviceName, filters, sort }: AuditFilter = query.filter;
  return {
    id: query.id,
    state: stateOf(query, nowMs),
    startDate: timeText(query.startedAtMs),
    interval,
    ...(serviceName && { serviceName }),
    filters: filters ?? [],
    sort: sort ?? [],
  };
}

function cursorOf(index: number): string {
  return Buffer.from(`after:${index}`).toString('base64url');
}

function startOf(cursor: string | undefined): number | undefined {
  if (!cursor) return 0;
  const index = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return index === undefined ? undefined : Number(index);
}
