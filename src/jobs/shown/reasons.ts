import { type ErrorCode, isErrorCode } from '../../core/errors.ts';
import { FIELD_NAMES } from './field-names.ts';

/**
 * The reason of a failed job, as the board may show it: the code, and the sentence without values
 * of the caller. The runtime writes `CODE: sentence [details]`. Another program wrote a reason
 * without a known code. Of these, only the sentences of BullMQ itself are shown.
 */
export function shownReason(reason: string): string {
  const [, code = '', sentence = ''] = /^([A-Z][A-Z_]+): ?([\s\S]*)$/.exec(reason) ?? [];
  if (isErrorCode(code)) return `${code}: ${shownSentence(sentence, NAMES_FIELDS[code])}`;
  return OF_THE_QUEUE.test(reason) ? reason : `(${reason.length} characters)`;
}

/**
 * How a sentence names fields of the input:
 *
 * - `issues`: its parts begin with them, as in `fields.title: expected …; …`, and a contract or a
 *   policy wrote the rest.
 * - `paths`: they stand anywhere in a sentence that this program makes of constants alone.
 */
type NamesFields = 'issues' | 'paths';

/** Codes whose sentence names fields of the job. */
const NAMES_FIELDS: Readonly<Partial<Record<ErrorCode, NamesFields>>> = {
  JOB_INVALID: 'issues',
  CAPABILITY_UNAVAILABLE: 'paths',
};

const OF_THE_QUEUE = /^(job stalled more than allowable limit|ended by the queue|child [\w:{}.-]+ failed)$/;

/** A sentence without values from outside. */
export function shownSentence(sentence: string, namesFields?: NamesFields): string {
  // Values come out first: a value in quotes may look like the beginning of the next part.
  const shown = withoutValues(sentence);
  if (namesFields === 'paths') return shown.replace(/[^\s,;:()"]+/g, shownPath);
  return namesFields === 'issues' ? shown.split('; ').map(shownIssue).join('; ') : shown;
}

/** A path of a contract up to the first name that a caller chose. Any other word stays. */
function shownPath(word: string): string {
  const steps = word.split('.');
  const unknown = unknownStep(steps);
  return unknown > 0 ? [...steps.slice(0, unknown), '…'].join('.') : word;
}

/** The index of the first step that no contract names; -1 if there is none. */
function unknownStep(steps: readonly string[]): number {
  return steps.findIndex((step) => !FIELD_NAMES.has(step.replace(/(\[\d*\]?)*$/, '')));
}

/** Masks values in quotes, and the part of an address behind its host: both came from outside. */
function withoutValues(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\b(https?:\/\/)[^\s,;)]+/gi, (address) => `${URL.parse(address)?.origin ?? 'https://…'}/…`);
}

/** Sentences that this program makes of constants, by their beginnings or as a whole. */
const OURS: readonly RegExp[] = [
  /^(expected|unknown field|blocked by|no such|there is no|must|wanted) /,
  /^(but it is missing|the dialect platform has no counterpart)$/,
  /^set (split to send it as several messages|ignoreUnsupported to true to leave it out)$/,
];

/** Shows the issue of a field that a contract names. Of any other field it shows the path only. */
function shownIssue(issue: string): string {
  const [, path = '', said = ''] = /^([^\s:]*): ([\s\S]*)$/.exec(issue) ?? [];
  const isOurs = (text: string) => OURS.some((form) => form.test(text));
  if (path === '') return isOurs(issue) ? issue : `(${issue.length} characters)`;
  const steps = path.split('.');
  const unknown = unknownStep(steps);
  if (unknown >= 0) return [...steps.slice(0, unknown), '…'].join('.');
  return isOurs(said) ? `${path}: ${said}` : `${path}: …`;
}
