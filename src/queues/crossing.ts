/**
 * Keeps the order of the jobs of this process while tenants change their partition. Batches cross to
 * Redis side by side, as long as the layout is right. A batch with jobs that a partition refused,
 * because their tenant has left it, keeps its place: batches that come later wait, and those before
 * it end first. Then it reads the layout again and sends these jobs once more. A new layout that came
 * without a refusal takes a place in the same line.
 */
export interface Crossing {
  /** Takes the next place. @param holds from the start: later places wait. */
  enter(holds?: boolean): Place;
}

/** The place of a batch in the line. */
export interface Place {
  /** Resolves when the batch may cross. */
  readonly begins: Promise<void>;
  /** Batches that come later wait until this one has left. Resolves when all before it have left. */
  hold(): Promise<void>;
  leave(): void;
}

interface Standing {
  holds: boolean;
  hasBegun: boolean;
  readonly begin: () => void;
  isFirst: (() => void) | undefined;
}

export function createCrossing(): Crossing {
  const line: Standing[] = [];

  /** Lets those begin that no batch before them holds up, and those go on that are first. */
  function move(): void {
    for (const [index, standing] of line.entries()) {
      if (index === 0) standing.isFirst?.();
      if (!standing.hasBegun) {
        standing.hasBegun = true;
        standing.begin();
      }
      if (standing.holds) return;
    }
  }

  return {
    enter(holds = false) {
      const { promise: begins, resolve: begin } = Promise.withResolvers<void>();
      const standing: Standing = { holds, hasBegun: false, begin, isFirst: undefined };
      line.push(standing);
      move();
      return {
        begins,
        async hold() {
          standing.holds = true;
          if (line[0] === standing) return;
          await new Promise<void>((resolve) => {
            standing.isFirst = resolve;
          });
        },
        leave() {
          const index = line.indexOf(standing);
          if (index < 0) return;
          line.splice(index, 1);
          move();
        },
      };
    },
  };
}

/** Acts alone: after all batches that have begun, and before all that come later. */
export async function alone(crossing: Crossing, act: () => void): Promise<void> {
  const place = crossing.enter(true);
  try {
    await place.begins;
    await place.hold();
    act();
  } finally {
    place.leave();
  }
}
