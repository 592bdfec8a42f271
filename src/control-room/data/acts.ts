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
export const report = createStore<{ readonly text: string; readonly isFailure: boolean } | undefined>(
  undefined,
);

export function ask(act: Act): void {
  report.set(undefined);
  asked.set(act);
}

/** @returns the error of an act that failed. */
export async function perform(
  act: Act,
  values: Readonly<Record<string, string>>,
): Promise<ApiError | undefined> {
  try {
    const text = await act.run(values);
    asked.set(undefined);
    report.set({ text, isFailure: false });
    return undefined;
  } catch (cause) {
    return asApiError(cause);
  }
}
