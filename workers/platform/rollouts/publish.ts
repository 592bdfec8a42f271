import { equalTrees } from '../../../src/content/json/tree.ts';
import {
  listVersions,
  type MessengerVersion,
  newestOf,
  publishDraft,
} from '../../../src/genesys/dialects/platform/configurations.ts';
import { requestContext } from '../../request-context.ts';
import { known, refuseFailed } from './draft.ts';
import { answered, isRefusal, listAll, readNow, readOne } from './platform-calls.ts';
import { type Act, type MessengerJob, type Next, on, type State, wait } from './state.ts';
import type { StepOptions } from './step-options.ts';
import { afterConflict, wantedBy } from './wanted.ts';

/**
 * Publishes the draft. A draft that is not ready is refused with 400, and the step waits. After a
 * request without an answer it looks for the version, until the time for it is over: another
 * publication would be one more version.
 */
export function publish({ genesys, clock, settleMs }: StepOptions): Act {
  return async function post(job, state) {
    const { publication } = state;
    if (publication) {
      const found = await publishedSince(job, state);
      if (found) return on(found);
      if (clock.now() < publication.sentAtMs + settleMs) return wait(state, 'configuration-published');
    }
    const { configurationId } = known(state);
    const intent = { ...state, publication: { sentAtMs: clock.now() } };
    await job.steps.save({ ...intent, begun: true });
    let version: MessengerVersion | null;
    try {
      version = await genesys.call(job.tenant, publishDraft, { configurationId }, requestContext(job));
    } catch (error) {
      const before = { ...state, publication: null };
      if (isRefusal(error)) await job.steps.save({ ...before, begun: true });
      const notReady = answered(error, 400);
      if (notReady) return wait(before, 'configuration-publishable', notReady);
      throw error;
    }
    const number = version && newestOf([version]);
    if (!number) return wait(intent, 'configuration-published');
    return on(withVersion(intent, number));
  };

  /** The version that an earlier request made: the first one that is newer and has our fields. */
  async function publishedSince(job: MessengerJob, state: State): Promise<State | undefined> {
    const { configurationId, draft, newest } = known(state);
    const versions = await listAll(genesys, job, listVersions, { configurationId });
    for (const { version } of versions) {
      const number = newestOf([{ version }]);
      if (number === undefined || number <= newest) continue;
      const { fields } = await readOne(genesys, job, configurationId, number);
      if (equalTrees(fields, draft.fields)) return withVersion(state, number);
    }
    return undefined;
  }
}

/**
 * Reads the version that the step has published. It waits until the version can be seen and is active.
 * Another administrator may have changed the draft right before the publication: then the version has
 * those changes too. If they are where the job set a value, the step sets it again.
 */
export function checkVersion({ genesys }: StepOptions): Act {
  return async function look(job, state) {
    const { configurationId, draft } = known(state);
    const version = await published(job, configurationId, state.version ?? 0);
    if (version === undefined) return wait(state, 'version-visible');
    refuseFailed(version, 'configuration.publish');
    if (version.status === 'Pending') return wait(state, 'version-active');
    if (equalTrees(version.fields, draft.fields)) return on({ ...state, publication: null });
    return await withForeignChanges(job, state, version);
  };

  async function published(job: MessengerJob, configurationId: string, version: number) {
    try {
      return await readOne(genesys, job, configurationId, version);
    } catch (error) {
      if (answered(error, 404)) return undefined;
      throw error;
    }
  }

  async function withForeignChanges(
    job: MessengerJob,
    state: State,
    version: MessengerVersion,
  ): Promise<Next> {
    const { configurationId, draft } = known(state);
    const now = await readNow(genesys, job, configurationId);
    const theirs = { from: draft.fields, to: version.fields };
    const after = afterConflict(job.data, state, theirs, now);
    if (!equalTrees(wantedBy(job.data, version.fields), version.fields))
      return { kind: 'conflict', state: after };
    const { conflicts, conflictFields, foreignFields } = after;
    return on({ ...state, publication: null, conflicts, conflictFields, foreignFields });
  }
}

function withVersion(state: State, version: number): State {
  return { ...state, version, isPublished: true, publications: state.publications + 1 };
}
