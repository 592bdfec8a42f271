/** How one check ended, from the best state to the worst. */
export const STATES = ['ok', 'warning', 'failed'] as const;
export type State = (typeof STATES)[number];

/** The result of one check. It has no secret: it names references, hosts and codes. */
export interface Finding {
  /** What was examined: `settings`, `redis`, `redis redis-1:6379`, `tenant acme`, `audit store`. */
  readonly about: string;
  /** What of it, such as `hz`. */
  readonly check: string;
  readonly state: State;
  /** What the check found, without a period at its end. */
  readonly found: string;
  /** What to do, as sentences; only for a warning and a failure. */
  readonly todo?: string;
}

export function ok(about: string, check: string, found: string): Finding {
  return { about, check, state: 'ok', found };
}

/** It works now, and does harm later or costs something. */
export function warning(about: string, check: string, found: string, todo: string): Finding {
  return { about, check, state: 'warning', found, todo };
}

/** Jobs are not accepted, not sent, not recorded, or may be lost. */
export function failed(about: string, check: string, found: string, todo: string): Finding {
  return { about, check, state: 'failed', found, todo };
}

/** The worst state of all findings; `ok` without a finding. */
export function worstOf(findings: readonly Finding[]): State {
  const worst = Math.max(0, ...findings.map(({ state }) => STATES.indexOf(state)));
  return STATES[worst] ?? 'failed';
}

/** One line for a person. */
export function lineOf({ about, check, state, found, todo }: Finding): string {
  const said = `${state.padEnd('warning'.length)}  ${about}: ${check}: ${found}`;
  return todo === undefined ? said : `${said}. ${todo}`;
}
