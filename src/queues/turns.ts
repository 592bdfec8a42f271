/** Lets acts that begin in order reach one point in order, whatever each waits for before it. */
export interface Turns {
  /** Takes the next turn. The caller must end it, also after an error. */
  take(): Turn;
}

export interface Turn {
  /** Resolves when all turns before this one have ended. */
  readonly comes: Promise<void>;
  end(): void;
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    take() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const comes = last;
      last = comes.then(() => promise);
      return { comes, end: resolve };
    },
  };
}
