import { partitionOf } from '../core/ids.ts';

/** How far the move of a tenant has got. */
export const MOVE_STEPS = ['arriving', 'leaving', 'closing', 'trailing'] as const;

export type MoveStep = (typeof MOVE_STEPS)[number];

/** A tenant on its way to another partition. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly step: MoveStep;
  /** That of the layout when the move began. A producer with an older layout is refused. */
  readonly version: number;
}

/** A partition that still knows ids of jobs of a tenant, and the moment at which it forgets them, ms. */
export interface Former {
  readonly partition: number;
  readonly untilMs: number;
}

/** What the layout knows of a tenant beyond its hash. */
export interface Home {
  /** The partition that takes its new jobs. */
  readonly at: number;
  /** It waits to be moved to where its hash says: the number of partitions was raised. */
  readonly pinned?: true;
  readonly move?: Move;
  readonly formers?: readonly Former[];
}

/** The layout as Redis holds it. */
export interface LayoutState {
  /** New tenants are spread over so many partitions. */
  readonly modulus: number;
  /** Changes with each change of the layout. */
  readonly version: number;
  /** The number that `modulus` is being raised to: new tenants are pinned before their first job. */
  readonly raising?: number | undefined;
  /** Partitions that were made for single tenants. */
  readonly own: number;
  readonly homes: ReadonlyMap<string, Home>;
}

/** The first partition of those for single tenants. No hash leads to them. */
export const FIRST_OWN = 1000;

/**
 * Which tenant is in which partition: the copy of this process. Redis holds the layout, and scripts
 * refuse jobs that come with a copy that is too old.
 */
export interface Layout {
  readonly state: LayoutState;
  /** Every partition, also those that no tenant is in. */
  all(): readonly number[];
  /** The partition that takes new jobs of a tenant. */
  homeOf(tenantId: string): number;
  /** The partition of a tenant that the layout has no word of. */
  hashOf(tenantId: string): number;
  moveOf(tenantId: string): Move | undefined;
  /** The partitions that may have jobs of a tenant, the one with the older jobs first. */
  placesOf(tenantId: string): readonly number[];
  /** The partition of a tenant, and the one that it comes from or goes to: a move takes one tenant after the other. */
  aroundOf(tenantId: string): readonly number[];
  /** The partitions that may know the id of a new job, beside the home. */
  formersOf(tenantId: string): readonly number[];
  replace(state: LayoutState): void;
  /** Calls the listener after each change. */
  onChange(listener: () => void): void;
}

export function createLayout(initial: number | LayoutState): Layout {
  let state = typeof initial === 'number' ? newLayout(initial) : initial;
  let all = partitionsOf(state);
  const listeners: (() => void)[] = [];

  const hashOf = (tenantId: string) => partitionOf(tenantId, state.modulus);
  const homeOf = (tenantId: string) => state.homes.get(tenantId)?.at ?? hashOf(tenantId);
  const moveOf = (tenantId: string) => state.homes.get(tenantId)?.move;

  return {
    get state() {
      return state;
    },
    all: () => all,
    homeOf,
    hashOf,
    moveOf,
    placesOf(tenantId) {
      const move = moveOf(tenantId);
      return move && move.step !== 'arriving' ? [move.from, move.to] : [homeOf(tenantId)];
    },
    aroundOf(tenantId) {
      const move = moveOf(tenantId);
      return move ? [move.from, move.to] : [homeOf(tenantId)];
    },
    formersOf(tenantId) {
      const home = state.homes.get(tenantId);
      if (!home) return [];
      const formers = (home.formers ?? []).map(({ partition }) => partition);
      const from = home.move && home.move.step !== 'arriving' ? [home.move.from] : [];
      return [...new Set([...formers, ...from])].filter((partition) => partition !== home.at);
    },
    replace(next) {
      state = next;
      all = partitionsOf(next);
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
}

export function newLayout(modulus: number): LayoutState {
  return { modulus, version: 0, own: 0, homes: new Map() };
}

/** Every partition of a layout. */
export function partitionsOf({ modulus, own }: Pick<LayoutState, 'modulus' | 'own'>): readonly number[] {
  return [...numbered(0, modulus), ...numbered(FIRST_OWN, own)];
}

function numbered(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
