/**
 * Bounds what all large calls of a process have under way in Redis, because they share its connection
 * with small ones. Work begins in the order of the calls.
 */
export interface Pace {
  /** Runs a script of so many jobs. */
  accept<Reply>(jobs: number, work: () => Promise<Reply>): Promise<Reply>;
  /** Compares one entry with the accepted one. */
  compare<Reply>(work: () => Promise<Reply>): Promise<Reply>;
}

/** Jobs in scripts: Redis needs some tens of milliseconds for them, and always has the next ones. */
const JOBS = 400;
/** A script costs as much as this many jobs, however few it has. */
const SCRIPT_JOBS = 5;
/** Entries: each costs two or three short commands. */
const COMPARISONS = 100;

export function createPace(): Pace {
  const scripts = createGate(JOBS);
  const comparisons = createGate(COMPARISONS);
  return {
    accept: (jobs, work) => scripts(Math.max(SCRIPT_JOBS, Math.min(jobs, JOBS)), work),
    compare: (work) => comparisons(1, work),
  };
}

type Gate = <Reply>(weight: number, work: () => Promise<Reply>) => Promise<Reply>;

/** Lets works of at most this weight together go on. */
function createGate(capacity: number): Gate {
  const waiting: { readonly weight: number; readonly start: () => void }[] = [];
  let free = capacity;

  const startNext = () => {
    for (let next = waiting[0]; next && next.weight <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.weight;
      next.start();
    }
  };

  return (weight, work) =>
    new Promise((resolve, reject) => {
      const start = () => {
        const end = () => {
          free += weight;
          startNext();
        };
        const working = work();
        working.then(end, end);
        working.then(resolve, reject);
      };
      waiting.push({ weight, start });
      startNext();
    });
}
