import { changesBetween, equalTrees } from '../../../src/content/json/tree.ts';
import { CodedError } from '../../../src/core/errors.ts';
import {
  DRAFT,
  type MessengerVersion,
  writeDraft,
} from '../../../src/genesys/dialects/platform/configurations.ts';
import { requestContext } from '../../request-context.ts';
import { answered, isRefusal, readNow, readOne } from './platform-calls.ts';
import { type Act, type MessengerJob, type Next, on, type State, wait } from './state.ts';
import type { StepOptions } from './step-options.ts';
import { afterConflict, isForeign, wantedBy } from './wanted.ts';

/**
 * Reads the newest version, and compares it with what the job wants. The draft is no base: it may have
 * changes that an administrator has not published. They are reported, and are not published.
 */
export function compare({ genesys }: StepOptions): Act {
  return async function read(job, state) {
    const { data } = job;
    const configurationId = state.configurationId ?? '';
    try {
      const { newest, draft } = await readNow(genesys, job, configurationId);
      const { fields: base } = newest === 0 ? draft : await readOne(genesys, job, configurationId, newest);
      const discarded = changesBetween(base, draft.fields);
      const isOther = data.ifVersion !== undefined && data.ifVersion !== newest;
      if (data.onConflict === 'abort' && (isOther || discarded.length > 0)) {
        throw isOther ? anotherVersion(data.ifVersion, newest) : unpublished(discarded.length);
      }
      const wanted = wantedBy(data, base);
      const isEqual = equalTrees(wanted, base);
      return on({
        ...state,
        newest,
        versionBefore: newest,
        base,
        wanted,
        draft: { dateModified: draft.dateModified, fields: draft.fields },
        // A draft that has the fields already must still be published.
        write: !isEqual ? 'due' : newest === 0 ? 'written' : 'none',
        version: isEqual && newest > 0 ? newest : null,
        conflicts: state.conflicts + (isOther ? 1 : 0),
        discardedFields: discarded.map(({ path }) => path.join('.')),
      });
    } catch (error) {
      // A new configuration cannot be read at once.
      const missing = answered(error, 404);
      if (missing && state.creation) return wait(state, 'configuration-created', missing);
      throw error;
    }
  };
}

/**
 * Writes the draft. No write has a precondition: the step compares the draft once more right before
 * it, and reads it again after it.
 */
export function write({ genesys }: StepOptions): Act {
  return async function put(job, state) {
    const { configurationId, wanted, draft, newest } = known(state);
    const now = await readNow(genesys, job, configurationId);
    if (now.newest !== newest) return await publishedMeanwhile(job, state, now);
    if (isForeign(draft, now.draft)) {
      const theirs = { from: draft.fields, to: now.draft.fields };
      return { kind: 'conflict', state: afterConflict(job.data, state, theirs, now) };
    }
    await job.steps.save({ ...state, write: 'sent', begun: true });
    let startedMs = performance.now();
    const token = async () => {
      await job.requests.token();
      startedMs = performance.now();
    };
    const request = { configurationId, fields: wanted };
    const { dateModified } = await genesys
      .call(job.tenant, writeDraft, request, { ...requestContext(job), token })
      .catch(async (error: unknown) => {
        if (isRefusal(error)) await job.steps.save({ ...state, begun: true });
        throw error;
      });
    const latencyMs = Math.round(performance.now() - startedMs);
    return on({ ...state, write: 'written', draft: { dateModified, fields: wanted }, latencyMs });
  };

  async function publishedMeanwhile(
    job: MessengerJob,
    state: State,
    now: { readonly newest: number; readonly draft: MessengerVersion },
  ): Promise<Next> {
    const { configurationId } = known(state);
    const { fields } = await readOne(genesys, job, configurationId, now.newest);
    const theirs = { from: state.base ?? {}, to: fields };
    return { kind: 'conflict', state: afterConflict(job.data, state, theirs, now) };
  }
}

/** After a write without an answer: the draft shows whether it arrived. */
export function lookAtDraft({ genesys }: StepOptions): Act {
  return async function look(job, state) {
    const { configurationId, wanted } = known(state);
    const now = await readOne(genesys, job, configurationId, DRAFT);
    if (!equalTrees(now.fields, wanted)) return on({ ...state, write: 'due' });
    const draft = { dateModified: now.dateModified, fields: wanted };
    return on({ ...state, write: 'written', draft });
  };
}

/** Waits until the draft is active. A draft that is not what the step wrote is one of another. */
export function settle({ genesys }: StepOptions): Act {
  return async function look(job, state) {
    const { configurationId, draft, newest } = known(state);
    const now = await readOne(genesys, job, configurationId, DRAFT);
    if (isForeign(draft, now)) {
      const theirs = { from: draft.fields, to: now.fields };
      return { kind: 'conflict', state: afterConflict(job.data, state, theirs, { newest, draft: now }) };
    }
    refuseFailed(now, 'configuration.write');
    if (now.status === 'Pending') return wait(state, 'configuration-active');
    return on({
      ...state,
      write: 'settled',
      draft: { dateModified: now.dateModified, fields: now.fields },
    });
  };
}

/** @throws {CodedError} GENESYS_REFUSED for a state that no wait ends. */
export function refuseFailed({ status }: { readonly status: string | null }, operation: string): void {
  if (status !== 'Error' && status !== 'Deleting') return;
  const message = `${operation}: Genesys Cloud did not apply it, its status is ${status}`;
  throw new CodedError('GENESYS_REFUSED', message, { status: 200 });
}

/** What is known once the configuration has been read. */
export function known({ configurationId, wanted, draft, newest }: State) {
  if (configurationId === null || wanted === null || draft === null || newest === null) {
    throw new TypeError('the configuration has not been read');
  }
  return { configurationId, wanted, draft, newest };
}

function anotherVersion(expected: number | undefined, found: number): CodedError {
  const there = found === 0 ? 'a draft alone' : `version ${found}`;
  const message = `configuration.read: version ${expected} was expected, and ${there} was found`;
  return new CodedError('CONFLICT', message, { status: 200 });
}

function unpublished(fields: number): CodedError {
  const message = `configuration.read: the draft has ${fields} changed fields that are not published`;
  return new CodedError('CONFLICT', message, { status: 200 });
}
