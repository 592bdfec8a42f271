/** Passes results on in the order in which they were expected. */
export interface InOrder<Result> {
  expect(key: number): void;
  settle(key: number, result: Result): void;
  /**
   * Passes on the results that are there, without those that are missing: no further result comes.
   */
  flush(): void;
}

export function createInOrder<Result>(handOn: (result: Result) => void): InOrder<Result> {
  // A map keeps the order of its keys.
  const waiting = new Map<number, Result | undefined>();

  const advance = () => {
    for (const [key, result] of waiting) {
      if (result === undefined) return;
      waiting.delete(key);
      handOn(result);
    }
  };

  return {
    expect(key) {
      waiting.set(key, undefined);
    },
    settle(key, result) {
      waiting.set(key, result);
      advance();
    },
    flush() {
      for (const result of waiting.values()) if (result !== undefined) handOn(result);
      waiting.clear();
    },
  };
}
