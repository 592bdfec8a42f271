import type { ApiFieldError, EventResult } from '../../client/client.ts';
import { type Issue, pathTo } from '../../core/issues.ts';

/** What became of the lines of one batch. */
export interface Handed {
  /** Jobs that Redis has: more than lines when texts were split. */
  readonly jobs: number;
  /** Jobs that Redis had already, of lines that came again. */
  readonly replayed: number;
  /** Lines that were not taken. */
  readonly rejected: number;
}

/** Follows the lines of a batch while the demo hands them over. */
export interface Listener {
  onRejected(line: number, errors: readonly Issue[]): void;
  /** Called with the number of lines that are done. */
  onProgress(lines: number): void;
}

/** The answer of the API to one line of a batch, or to one event. */
export type Answer =
  | Pick<EventResult, 'status' | 'ids'>
  | {
      readonly status: 'rejected' | 'refused';
      readonly code: string;
      readonly errors?: readonly ApiFieldError[];
    };

/** Counts the answers of the API. */
export interface Tally {
  take(line: number, answer: Answer): void;
  /** Counts a line that the demo does not send. */
  reject(line: number, errors: readonly Issue[]): void;
  handed(): Handed;
}

export function createTally({ onRejected, onProgress }: Listener): Tally {
  const counts = { jobs: 0, replayed: 0, rejected: 0 };
  let lines = 0;

  const reject = (line: number, errors: readonly Issue[]) => {
    counts.rejected++;
    onRejected(line, errors);
    onProgress(++lines);
  };

  return {
    reject,
    take(line, answer) {
      if ('code' in answer) return reject(line, issuesOf(answer));
      counts[answer.status === 'accepted' ? 'jobs' : 'replayed'] += answer.ids.length;
      onProgress(++lines);
    },
    handed: () => ({ ...counts }),
  };
}

function issuesOf({ code, errors = [] }: Extract<Answer, { code: string }>): Issue[] {
  if (errors.length === 0) return [{ path: '', message: code }];
  return errors.map(({ detail, pointer = '#' }) => ({ path: pathOf(pointer), message: detail }));
}

/** The path of a field in a line: `#/body/content` is `body.content`. Events have their line in `data`. */
function pathOf(pointer: string): string {
  const [, ...steps] = pointer.replace(/^#(?:\/\d+)?\/data(?=\/|$)/, '#').split('/');
  return steps.map(nameOf).reduce<string>(pathTo, '');
}

function nameOf(step: string): string | number {
  const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(name) ? Number(name) : name;
}
