/**
 * The notes of a job: what happened to it besides its attempts. Scripts write them into the hash of the
 * job (note_event of job.lua), so that they move and disappear with it. They have words, codes and times,
 * and never a text of a customer. A job that is delivered at its first attempt has none.
 *
 *   wait:<reason>            a worker had it before its turn, and put it off
 *   again:<code>:<status>    its run failed, and no attempt counted; the status may be missing
 *   died                     a worker found that the worker of an earlier run had died
 *   redriven                 an operator sent the dead letter again
 */
export interface JobNote {
  readonly word: 'wait' | 'again' | 'died' | 'redriven';
  /** What stands behind the word: the reason, or the code. */
  readonly about: string;
  /** HTTP status of the answer. */
  readonly status: number | null;
  /** How often it happened in a row. */
  readonly times: number;
  /** When it happened first and last, ms since the epoch. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Until when the job was put off the last time, ms since the epoch; null when a script wakes it. */
  readonly untilMs: number | null;
}

const NOTE =
  /^(wait|again|died|redriven)(?::([\w-]{1,60}))?(?::(\d{3})?)?,(\d{1,15}),(\d{1,9}),(\d{1,15}),(\d{0,15})$/;

/** The notes in the field of a job's hash, the oldest first. What cannot be read is left out. */
export function readNotes(field: string | null): JobNote[] {
  return (field ?? '').split(';').flatMap((text) => {
    const [, word, about = '', status, first, times, last, until] = NOTE.exec(text) ?? [];
    if (word === undefined) return [];
    return [
      {
        word: word as JobNote['word'],
        about,
        status: status ? Number(status) : null,
        times: Number(times),
        firstMs: Number(first),
        lastMs: Number(last),
        untilMs: until ? Number(until) : null,
      },
    ];
  });
}
