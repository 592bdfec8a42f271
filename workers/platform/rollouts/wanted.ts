import { copyOnto, withMessenger } from '../../../src/content/configuration/messenger.ts';
import {
  applyChanges,
  changesBetween,
  equalTrees,
  overlapping,
  type Tree,
} from '../../../src/content/json/tree.ts';
import { CodedError } from '../../../src/core/errors.ts';
import type { MessengerVersion } from '../../../src/genesys/dialects/platform/configurations.ts';
import type { MessengerStep } from '../../../src/jobs/config-rollout.ts';
import type { State } from './state.ts';

/** The configuration that an organization should have, when it has `base`. */
export function wantedBy({ settings, restore, copy, overwriteExisting }: MessengerStep, base: Tree): Tree {
  if (restore) return applyChanges(base, restore);
  if (copy && overwriteExisting) return copyOnto(base, copy);
  return withMessenger(base, settings);
}

/** Whether another administrator has changed the draft since the step saw or wrote it. */
export function isForeign(seen: NonNullable<State['draft']>, now: MessengerVersion): boolean {
  // A server may add defaults to what was written. Only the time tells that from another's change.
  const isLater = seen.dateModified === null || seen.dateModified !== now.dateModified;
  return isLater && !equalTrees(seen.fields, now.fields);
}

/**
 * The state after another administrator has changed the draft, or published a version: with `merge`
 * their fields stay, except for those that the step sets, and with `overwrite` theirs go.
 *
 * @param theirs the fields that they started from, and those that they made of it.
 * @throws {CodedError} CONFLICT, if the job wants to abort.
 */
export function afterConflict(
  data: MessengerStep,
  state: State,
  theirs: { readonly from: Tree; readonly to: Tree },
  now: { readonly newest: number; readonly draft: MessengerVersion },
): State {
  const base = state.base ?? theirs.from;
  const changes = changesBetween(theirs.from, theirs.to);
  if (data.onConflict === 'abort') throw changedMeanwhile(changes.length);
  const merged = data.onConflict === 'merge' ? applyChanges(base, changes) : base;
  const wanted = wantedBy(data, merged);
  const again = overlapping(changes, changesBetween(theirs.to, wanted));
  return {
    ...state,
    newest: now.newest,
    base: merged,
    wanted,
    draft: { dateModified: now.draft.dateModified, fields: now.draft.fields },
    write: 'due',
    publication: null,
    isPublished: false,
    versionBefore: state.publications === 0 ? now.newest : state.versionBefore,
    conflicts: state.conflicts + 1,
    conflictFields: union(state.conflictFields, again),
    foreignFields: union(
      state.foreignFields,
      changes.map(({ path }) => path),
    ),
  };
}

function union(names: readonly string[], paths: readonly (readonly string[])[]): string[] {
  return [...new Set([...names, ...paths.map((path) => path.join('.'))])];
}

export function changedMeanwhile(fields: number): CodedError {
  const message = `configuration.write: another administrator changed ${fields} fields meanwhile`;
  // The status reports to the bucket that Genesys Cloud answered. A 409 would be tried again.
  return new CodedError('CONFLICT', message, { status: 200 });
}
