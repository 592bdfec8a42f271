import { CodedError } from '../../../src/core/errors.ts';
import type { GenesysClient } from '../../../src/genesys/client.ts';
import {
  DRAFT,
  listVersions,
  type MessengerVersion,
  newestOf,
  readVersion,
} from '../../../src/genesys/dialects/platform/configurations.ts';
import type { Page, PageRequest } from '../../../src/genesys/dialects/platform/cursor-list.ts';
import type { Operation } from '../../../src/genesys/operation.ts';
import { requestContext } from '../../request-context.ts';
import type { MessengerJob } from './state.ts';

/**
 * More entries than any organization has. Without this limit a job would follow an endless answer for
 * ever.
 */
const MAX_PAGES = 100;

/** All entries of a list. */
export async function listAll<Request extends PageRequest, Entry>(
  genesys: GenesysClient,
  job: MessengerJob,
  operation: Operation<Request, Page<Entry>>,
  request: Request,
): Promise<Entry[]> {
  const all: Entry[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const asked = after === undefined ? request : { ...request, after };
    const answer = await genesys.call(job.tenant, operation, asked, requestContext(job));
    all.push(...answer.entries);
    after = answer.after;
    if (after === undefined) return all;
  }
  throw new CodedError('GENESYS_REFUSED', `${operation.name}: more than ${MAX_PAGES} pages`, { status: 200 });
}

/** A configuration as it is now: its newest version, and its draft. */
export interface Reading {
  /** 0: it has only a draft. */
  readonly newest: number;
  readonly draft: MessengerVersion;
}

/** Reads the draft and the number of the newest version. */
export async function readNow(
  genesys: GenesysClient,
  job: MessengerJob,
  configurationId: string,
): Promise<Reading> {
  const newest = newestOf(await listAll(genesys, job, listVersions, { configurationId }));
  const draft = await readOne(genesys, job, configurationId, DRAFT);
  return { newest: newest ?? 0, draft };
}

/** @param version a number, or the draft. */
export async function readOne(
  genesys: GenesysClient,
  job: MessengerJob,
  configurationId: string,
  version: number | typeof DRAFT,
): Promise<MessengerVersion> {
  const request = { configurationId, version: String(version) };
  return await genesys.call(job.tenant, readVersion, request, requestContext(job));
}

/** The error if it is an answer with this status; undefined for any other. */
export function answered(error: unknown, ...statuses: readonly number[]): CodedError | undefined {
  const isIt = error instanceof CodedError && error.status !== undefined && statuses.includes(error.status);
  return isIt ? error : undefined;
}

/** Whether it is certain that Genesys Cloud wrote nothing. */
export function isRefusal(error: unknown): boolean {
  const { status = 500 } = error instanceof CodedError ? error : {};
  return status < 500 && status !== 408;
}
