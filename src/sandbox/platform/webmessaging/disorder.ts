import { createRandom } from '../../faults/random.ts';
import type { Settings } from './settings.ts';

/** How one frame leaves. All connections of a session share it. */
export interface Fate {
  readonly isLost: boolean;
  /** Added to the delay. Later frames overtake the frame. 0: it keeps its place. */
  readonly lateMs: number;
  /** Sent behind the next frame. */
  readonly isHeld: boolean;
  readonly copies: 1 | 2;
}

export const IN_ORDER: Fate = { isLost: false, lateMs: 0, isHeld: false, copies: 1 };

/** The random decisions about frames. Each call decides about one frame. */
export interface Disorder {
  ofEcho(): Fate;
  ofFrame(): Fate;
  echoComesAfterAnswer(): boolean;
  losesTracingId(): boolean;
}

/** A series of decisions from the seed of the settings. */
export function createDisorder(settings: Settings['disorder']): Disorder {
  const random = createRandom(settings.seed);
  // A share of 0 takes no random number, so that an unused one does not change the others.
  const strikes = (share: number) => share > 0 && random() < share;

  function ofFrame(): Fate {
    const isHeld = strikes(settings.swap);
    return { ...IN_ORDER, isHeld, copies: strikes(settings.duplicate) ? 2 : 1 };
  }

  return {
    ofFrame,
    ofEcho() {
      if (strikes(settings.lostEcho)) return { ...IN_ORDER, isLost: true };
      const lateMs = strikes(settings.lateEcho) ? settings.lateMs : 0;
      return { ...ofFrame(), lateMs };
    },
    echoComesAfterAnswer: () => strikes(settings.echoAfterAnswer),
    losesTracingId: () => strikes(settings.errorWithoutTracingId),
  };
}
