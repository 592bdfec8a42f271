import type { ApiError } from './api.ts';
import { asApiError } from './login.ts';
import { createStore } from './store.ts';

/** A value that a person gives with an act. */
export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly first: string;
  readonly hint?: string;
  /** The values to choose from; any text without them. */
  readonly choices?: readonly string[];
}

/** An act of an operator. The page asks once before it. */
export interface Act {
  /** Such as `Pause acme`. It is the title of the question. */
  readonly title: string;
  /** What the act does, in one or two sentences. */
  readonly text: string;
  /** On the button that acts. */
  readonly verb: string;
  /** Jobs end by it, or are sent again. */
  readonly isGrave?: boolean;
  readonly fields?: readonly ActField[];
  /** @returns one sentence about what was done. @throws {ApiError} */
  run(values: Readonly<Record<string, string>>): Promise<string>;
}

/** The act that the page asks about now. */
export const asked = createStore<Act | undefined>(undefined);

/** How the last act ended: for all to see, and for screen readers. */
export const report = createStore<Report | undefined>(undefined);

interface Report {
  readonly text: string;
  /** The hash of the view that it belongs to. An act may open another view. */
  readonly hash: string;
}

export function ask(act: Act): void {
  report.set(undefined);
  asked.set(act);
}

/** Says how an act ended. */
export function tell(text: string): void {
  report.set({ text, hash: location.hash });
}

/** Another view takes the question back, and the report that belongs to the view before. */
export function leaveView(): void {
  asked.set(undefined);
  if (report.get()?.hash !== location.hash) report.set(undefined);
}

/** The next person at this browser sees no question and no report. */
export function forgetActs(): void {
  asked.set(undefined);
  report.set(undefined);
}

/** @returns the error of an act that failed. */
export async function perform(
  act: Act,
  values: Readonly<Record<string, string>>,
): Promise<ApiError | undefined> {
  try {
    const text = await act.run(values);
    asked.set(undefined);
    tell(text);
    return undefined;
  } catch (cause) {
    return asApiError(cause);
  }
}
