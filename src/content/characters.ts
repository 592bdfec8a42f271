import type { Fault } from '../core/faults.ts';
import { fieldOf } from './json-value.ts';

/**
 * The rule on characters, one for every kind of job and every text in it: what no reader can read is refused. That is half
 * of a surrogate pair, a code point that is no character, and what controls a terminal or a parser: U+0000 to U+001F
 * but for the tab and line ends, and U+007F to U+009F. Such a text was cut or decoded wrongly, or wants to be read as
 * something else: `<scr\0ipt>`. It is not mended, since only its author knows what stood there.
 */
const UNREADABLE = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}|\p{Cs}/u;

const MAX_FAULTS = 20;

/** Why a text cannot be read, without quoting it; undefined when it can. */
export function unreadableIn(text: string): string | undefined {
  const at = text.search(UNREADABLE);
  if (at < 0) return undefined;
  const code = text.codePointAt(at) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = code >= 0xd800 && code <= 0xdfff ? 'half of a surrogate pair' : 'nothing to read';
  return `expected characters that can be read, got ${name} at character ${at + 1}, which is ${kind}`;
}

interface Visit {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Every text of an input that cannot be read, and every name of a field.
 *
 * @param input anything at all; what holds itself is looked at once.
 */
export function unreadableFaults(input: unknown): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<object>();
  const ahead: Visit[] = [{ path: '', value: input }];
  for (let visit = ahead.pop(); visit && faults.length < MAX_FAULTS; visit = ahead.pop()) {
    const { path, value } = visit;
    if (typeof value === 'string') addFault(faults, path, value);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      for (let at = value.length - 1; at >= 0; at--) ahead.push({ path: `${path}[${at}]`, value: value[at] });
      continue;
    }
    const fields = Object.entries(value);
    for (const [name] of fields) addFault(faults, path, name, 'the name of a field: ');
    for (const [name, held] of fields.reverse()) ahead.push({ path: stepTo(path, name), value: held });
  }
  return faults;
}

function addFault(faults: Fault[], path: string, text: string, where = ''): void {
  const message = unreadableIn(text);
  if (message !== undefined) faults.push({ path, message: `${where}${message}` });
}

function stepTo(path: string, name: string): string {
  return path === '' ? fieldOf('', name).replace(/^\./, '') : fieldOf(path, name);
}
