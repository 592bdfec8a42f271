import { isErrorCode } from '../../core/errors.ts';
import { FIELD_NAMES } from './field-names.ts';

/**
 * Why a job failed, as it may be shown: the code, and the sentence without what callers chose. `CODE: sentence [details]` is
 * what the runtime writes down; what has no code of ours was written by others, and only BullMQ's own words are let through.
 */
export function shownReason(reason: string): string {
  const [, code = '', sentence = ''] = /^([A-Z][A-Z_]+): ?([\s\S]*)$/.exec(reason) ?? [];
  if (isErrorCode(code)) return `${code}: ${shownSentence(sentence, code === 'JOB_INVALID')}`;
  return OF_THE_QUEUE.test(reason) ? reason : `(${reason.length} characters)`;
}

const OF_THE_QUEUE = /^(job stalled more than allowable limit|ended by the queue|child [\w:{}.-]+ failed)$/;

/** @param isAboutInput its parts name fields of the input: `fields.title: expected …; …`. */
export function shownSentence(sentence: string, isAboutInput = false): string {
  // First of all: what stands in quotes may look like the beginning of the next part.
  const shown = withoutValues(sentence);
  return isAboutInput ? shown.split('; ').map(shownIssue).join('; ') : shown;
}

/** What stands in quotes came from outside, as do addresses behind their host. */
function withoutValues(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\b(https?:\/\/)[^\s,;)]+/gi, (address) => `${URL.parse(address)?.origin ?? 'https://…'}/…`);
}

/** An issue of a field that a contract names is shown; of another one only where it is. */
function shownIssue(issue: string): string {
  const [, path = '', said = ''] = /^([^\s:]*): ([\s\S]*)$/.exec(issue) ?? [];
  const isSentence = /^(expected|unknown field|blocked by|no such|there is no|must|wanted) /;
  if (path === '') return isSentence.test(issue) ? issue : `(${issue.length} characters)`;
  const steps = path.split('.');
  const known = steps.findIndex((step) => !FIELD_NAMES.has(step.replace(/(\[\d+\])*$/, '')));
  if (known >= 0) return [...steps.slice(0, known), '…'].join('.');
  return isSentence.test(said) || said === 'but it is missing' ? `${path}: ${said}` : `${path}: …`;
}
