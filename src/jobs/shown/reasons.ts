import { isErrorCode } from '../../core/errors.ts';
import { FIELD_NAMES } from './field-names.ts';

/**
 * The reason of a failed job, as the board may show it: the code, and the sentence without values
 * of the caller. The runtime writes `CODE: sentence [details]`. Another program wrote a reason
 * without a known code. Of these, only the sentences of BullMQ itself are shown.
 */
export function shownReason(reason: string): string {
  const [, code = '', sentence = ''] = /^([A-Z][A-Z_]+): ?([\s\S]*)$/.exec(reason) ?? [];
  if (isErrorCode(code)) return `${code}: ${shownSentence(sentence, ABOUT_INPUT.has(code))}`;
  return OF_THE_QUEUE.test(reason) ? reason : `(${reason.length} characters)`;
}

/** Codes whose sentence names fields of the job. */
const ABOUT_INPUT: ReadonlySet<string> = new Set(['JOB_INVALID', 'CAPABILITY_UNAVAILABLE']);

const OF_THE_QUEUE = /^(job stalled more than allowable limit|ended by the queue|child [\w:{}.-]+ failed)$/;

/**
 * A sentence without values from outside.
 * @param isAboutInput its parts name fields of the input: `fields.title: expected …; …`.
 */
export function shownSentence(sentence: string, isAboutInput = false): string {
  // Values come out first: a value in quotes may look like the beginning of the next part.
  const shown = withoutValues(sentence);
  return isAboutInput ? shown.split('; ').map(shownIssue).join('; ') : shown;
}

/** Masks values in quotes, and the part of an address behind its host: both came from outside. */
function withoutValues(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\b(https?:\/\/)[^\s,;)]+/gi, (address) => `${URL.parse(address)?.origin ?? 'https://…'}/…`);
}

/** Shows the issue of a field that a contract names. Of any other field it shows the path only. */
function shownIssue(issue: string): string {
  const [, path = '', said = ''] = /^([^\s:]*): ([\s\S]*)$/.exec(issue) ?? [];
  const isSentence = /^(expected|unknown field|blocked by|no such|there is no|must|wanted) /;
  if (path === '') return isSentence.test(issue) ? issue : `(${issue.length} characters)`;
  const steps = path.split('.');
  const known = steps.findIndex((step) => !FIELD_NAMES.has(step.replace(/(\[\d+\])*$/, '')));
  if (known >= 0) return [...steps.slice(0, known), '…'].join('.');
  return isSentence.test(said) || said === 'but it is missing' ? `${path}: ${said}` : `${path}: …`;
}
