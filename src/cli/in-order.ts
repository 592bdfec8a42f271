/** Hands results on in the order in which they were expected, however they come. */
export interface InOrder<Result> {
  expect(key: number): void;
  settle(key: number, result: Result): void;
  /** Hands on what has come, although others before it have not: nothing more will come. */
  flush(): void;
}

export function createInOrder<Result>(handOn: (result: Result) => void): InOrder<Result> {
  // A map keeps the order in which its keys came.
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
