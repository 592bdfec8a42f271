import { exponential, fullJitter } from '../../../src/core/backoff.ts';
import { CodedError, toCodedError } from '../../../src/core/errors.ts';
import { done, type Outcome, snooze } from '../../../src/core/outcome.ts';
import type { MessengerStep } from '../../../src/jobs/config-rollout.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { compare, lookAtDraft, settle, write } from './draft.ts';
import { findConfiguration, findDeployments } from './locate.ts';
import { awaitDeployment, bringDeployment, nextPin, pin } from './pins.ts';
import { answered } from './platform-calls.ts';
import { checkVersion, publish } from './publish.ts';
import { isVisible, reportOf } from './report.ts';
import { type Act, FRESH, type MessengerJob, type Next, type State, stateShape } from './state.ts';
import type { StepOptions } from './step-options.ts';

/**
 * Brings a configuration of one organization, and its deployments, to what a job wants
 * (docs/platform.md#rollouts).
 *
 *   find the deployments ──► find or create the configuration ──► compare ──► nothing to write ─────────┐
 *                                                                   │                                   │
 *            ┌──────────────────────────────────────────────────────┘                                   │
 *            ▼                                                                                          ▼
 *         write the draft ──► wait until it is active ──► publish ──► wait for the version ──► pin the deployments
 *            ▲                   │                          │              │
 *            └───────────────────┴── changed by another ────┴──────────────┘
 *
 * Each act saves the state before it writes, and looks at Genesys Cloud after an answer was lost. So a
 * worker that dies at any point leaves a step that the next one finishes, without a second version or
 * a second deployment. The checks for other administrators are not atomic: the platform has no
 * precondition for a write.
 */
export function messengerStep(options: StepOptions): Handler<MessengerStep> {
  const { clock, settleMs, pollBackoff, maxConflicts, conflictBackoff, onConflict } = options;
  const nextAct = createActs(options);

  return async function bringAbout(job) {
    try {
      return await run(job, job.steps.saved(stateShape) ?? FRESH);
    } catch (thrown) {
      return await concludeFailure(job, toCodedError(thrown), thrown);
    }
  };

  async function run(job: MessengerJob, saved: State): Promise<Outcome> {
    let state = saved;
    for (;;) {
      const act = nextAct(job, state);
      if (!act) return done(reportOf(job.data, state));
      const next = await act(job, state).catch((error: unknown) => refusedForConflict(job, error));
      if (next.kind === 'end') return next.outcome;
      if (next.kind === 'wait') return await later(job, next);
      if (next.kind === 'conflict') return await again(job, next.state);
      state = { ...next.state, waiting: null };
      await job.steps.save({ ...state, begun: true });
    }
  }

  /** Polls: the job waits in its queue, and occupies no worker. */
  async function later(
    job: MessengerJob,
    { state, reason, error }: Extract<Next, { kind: 'wait' }>,
  ): Promise<Outcome> {
    const { waiting } = state;
    const { sinceMs, looks } = waiting?.reason === reason ? waiting : { sinceMs: clock.now(), looks: 0 };
    const leftMs = sinceMs + settleMs - clock.now();
    if (leftMs <= 0) {
      await job.steps.save({ ...state, waiting: null, begun: true });
      throw error ?? pending(reason, settleMs);
    }
    await job.steps.save({ ...state, waiting: { reason, sinceMs, looks: looks + 1 }, begun: true });
    return snooze(Math.min(leftMs, exponential(pollBackoff, looks + 1)), reason);
  }

  /** A 409 wrote nothing. The step goes on from what it has saved. */
  function refusedForConflict({ data, steps }: MessengerJob, error: unknown): Next {
    if (!answered(error, 409) || data.onConflict === 'abort') throw error;
    const state = steps.saved(stateShape) ?? FRESH;
    return { kind: 'conflict', state: { ...state, conflicts: state.conflicts + 1 } };
  }

  async function again(job: MessengerJob, state: State): Promise<Outcome> {
    await job.steps.save({ ...state, waiting: null, begun: true });
    if (state.conflicts > maxConflicts) {
      const message = `configuration.write: another administrator changed it meanwhile, ${state.conflicts} times in a row`;
      throw new CodedError('CONFLICT', message, { status: 200 });
    }
    onConflict(job.tenant.id);
    return snooze(fullJitter(conflictBackoff, state.conflicts), 'conflict');
  }

  /**
   * A change that others can see, or may see, must not be reported as failed: with the result `unknown`
   * a rollback can undo it. After any other failure for good the saved state goes, so that a retry
   * starts afresh.
   */
  async function concludeFailure(job: MessengerJob, error: CodedError, thrown: unknown): Promise<Outcome> {
    const isOver = error.disposition === 'reject' || (error.disposition === 'retry' && job.isLastAttempt);
    if (!(thrown instanceof CodedError && isOver)) throw thrown;
    const state = job.steps.saved(stateShape) ?? FRESH;
    if (!isVisible(state)) {
      await job.steps.save({});
      throw thrown;
    }
    const reason = `OUTCOME_UNKNOWN: the change may be there in part; ${error.code}: ${error.message}`;
    return done({ ...reportOf(job.data, state), status: 'unknown', error: reason });
  }
}

/** The act that comes next in a state; undefined: all is done. */
function createActs(options: StepOptions): (job: MessengerJob, state: State) => Act | undefined {
  const acts = {
    findDeployments: findDeployments(options),
    findConfiguration: findConfiguration(options),
    compare: compare(options),
    write: write(options),
    lookAtDraft: lookAtDraft(options),
    settle: settle(options),
    publish: publish(options),
    checkVersion: checkVersion(options),
    pin: pin(options),
    bringDeployment: bringDeployment(options),
    awaitDeployment: awaitDeployment(options),
  };
  return ({ data }, state) => {
    if (state.pins === null) return acts.findDeployments;
    if (state.configurationId === null)
      return data.dryRun && state.isCreated ? undefined : acts.findConfiguration;
    if (state.newest === null) return acts.compare;
    if (data.dryRun) return undefined;
    if (state.write === 'due') return acts.write;
    if (state.write === 'sent') return acts.lookAtDraft;
    if (state.write === 'written') return acts.settle;
    if (state.write === 'settled' && !state.isPublished) return acts.publish;
    if (state.isPublished && state.publication !== null) return acts.checkVersion;
    if (nextPin(state)) return acts.pin;
    if (!data.deployment || state.isDeploymentSettled) return undefined;
    return state.deploymentId === null ? acts.bringDeployment : acts.awaitDeployment;
  };
}

function pending(reason: string, settleMs: number): CodedError {
  const message = `Genesys Cloud did not get to ${reason} within ${settleMs} ms`;
  return new CodedError('CHANGE_PENDING', message, { status: 200 });
}
