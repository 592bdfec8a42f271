import type { Former, Home, Move, MoveStep } from '../redis/layout.ts';

/** The home of a tenant after each step of its move. */

/** @param home where the tenant is, and what the layout says of it. */
export function arriving(at: number, to: number, version: number, home: Home | undefined): Home {
  const move: Move = { from: at, to, step: 'arriving', version };
  return { at, ...(home?.formers && { formers: home.formers }), move };
}

/** New jobs go to the new partition. */
export function left(home: Home): Home {
  const { move } = home;
  if (!move) return home;
  const formers = (home.formers ?? []).filter(({ partition }) => partition !== move.to);
  return { at: move.to, ...(formers.length > 0 && { formers }), move: { ...move, step: 'leaving' } };
}

export function atStep(home: Home, step: MoveStep): Home {
  return home.move ? { ...home, move: { ...home.move, step } } : home;
}

/**
 * The move is over. The old partition knows the ids of jobs for as long as the ledger does.
 * @returns undefined when the layout needs no word of the tenant.
 */
export function moved(home: Home, former: Former, hash: number, nowMs: number): Home | undefined {
  const others = (home.formers ?? []).filter(
    ({ partition, untilMs }) => partition !== former.partition && untilMs > nowMs,
  );
  return settled(home.at, [...others, former], hash);
}

/**
 * The home of a tenant without the partitions that have forgotten its jobs.
 * @returns the same home when there is no such partition, or while the tenant moves.
 */
export function remembered(home: Home, hash: number, nowMs: number): Home | undefined {
  const formers = (home.formers ?? []).filter(({ untilMs }) => untilMs > nowMs);
  if (home.move || formers.length === (home.formers?.length ?? 0)) return home;
  const next = settled(home.at, formers, hash);
  return home.pinned ? { at: home.at, ...next, pinned: true } : next;
}

/** @returns undefined when the layout needs no word of a tenant. */
export function settled(at: number, formers: readonly Former[], hash: number): Home | undefined {
  if (formers.length === 0 && at === hash) return undefined;
  return { at, ...(formers.length > 0 && { formers }) };
}
