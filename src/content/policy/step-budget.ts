/**
 * The most steps that the pattern search of one message may take. A step takes some 30 ns in the
 * worst case. A text of 4,096 characters has 976 for each character, in all its readings.
 */
export const MAX_STEPS = 4_000_000;

/** The steps of one message, shared by all its texts. */
export interface Budget {
  readonly spent: number;
  /** @returns why they may not be taken; undefined when they may. */
  spend(steps: number): string | undefined;
}

/** @param messages how many messages the text will be sent as. */
export function openBudget(messages = 1): Budget {
  const most = MAX_STEPS * messages;
  // A field, and no getter: V8 allocates getters in the old space, and texts are many.
  const budget = {
    spent: 0,
    spend(steps: number) {
      if (budget.spent + steps > most) {
        return `expected a text that blocked patterns are looked for in within ${most} steps, got more; shorten it, or simplify blockedPatterns`;
      }
      budget.spent += steps;
      return undefined;
    },
  };
  return budget;
}
