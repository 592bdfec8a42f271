import { UNREADABLE } from '../../core/characters.ts';
import { type Issue, pathTo } from '../../core/issues.ts';

/** Nearly every text has only these characters: one quick test is enough for it. */
const PLAIN = /^[\t\n\r -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]*$/;

/**
 * No contract takes more levels, more values or a longer text, so that it refuses the rest by
 * itself.
 */
const MAX_LEVELS = 32;
const MAX_LENGTH = 1_048_576;
const MAX_VALUES = 40_000;
const MAX_ISSUES = 20;

/**
 * Why a text cannot be read, without quoting it; undefined when it can. The rule holds for every
 * text of every kind of job. A text with such a character was cut or decoded wrongly, or tries to
 * pass for another: `<scr\0ipt>`. The check does not mend it: only its author knows what the text
 * said.
 */
export function unreadableIn(text: string): string | undefined {
  const at = PLAIN.test(text) ? -1 : text.search(UNREADABLE);
  if (at < 0) return undefined;
  const code = text.codePointAt(at) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = code >= 0xd800 && code <= 0xdfff ? 'half of a surrogate pair' : 'nothing to read';
  return `expected characters that can be read, got ${name} at character ${at + 1}, which is ${kind}`;
}

interface Visit {
  readonly value: unknown;
  readonly step: string | number;
  readonly level: number;
  readonly parent: Visit | undefined;
}

/**
 * The issues of every text and every name of a field that cannot be read.
 *
 * @param input any value; read no further than a contract takes it.
 */
export function unreadableIssues(input: unknown): Issue[] {
  const issues: Issue[] = [];
  const ahead: Visit[] = [{ value: input, step: '', level: 0, parent: undefined }];
  let seen = 0;
  for (let visit = ahead.pop(); visit && issues.length < MAX_ISSUES; visit = ahead.pop()) {
    const { value } = visit;
    if (typeof value === 'string') addIssue(issues, visit, value);
    if (typeof value !== 'object' || value === null || visit.level >= MAX_LEVELS) continue;
    seen += Array.isArray(value) ? value.length : Object.keys(value).length;
    if (seen > MAX_VALUES) break;
    const held = heldIn(visit, value);
    for (const { step } of held) {
      if (typeof step === 'string') addIssue(issues, visit, step, 'the name of a field: ');
    }
    ahead.push(...held.reverse());
  }
  return issues;
}

function heldIn(parent: Visit, value: object): Visit[] {
  const level = parent.level + 1;
  if (!Array.isArray(value)) {
    return Object.entries(value).map(([step, held]) => ({ value: held, step, level, parent }));
  }
  return Array.from(value, (held: unknown, step) => ({ value: held, step, level, parent }));
}

function addIssue(issues: Issue[], visit: Visit, text: string, where = ''): void {
  const message = text.length > MAX_LENGTH ? undefined : unreadableIn(text);
  if (message !== undefined) issues.push({ path: pathOf(visit), message: `${where}${message}` });
}

function pathOf({ step, parent }: Visit): string {
  if (parent === undefined) return '';
  return pathTo(pathOf(parent), step);
}
