import { parseEnv } from 'node:util';
import { OperatorError } from '../core/errors.ts';

/**
 * Reads the text of a `.env` file. Node and Docker Compose read such a file by different rules: a
 * password with `#` or `$` may differ between them. So a line that they read differently is an
 * error.
 *
 * @throws {OperatorError} naming the number and the variable of each such line, never its value.
 */
export function parseEnvFile(file: string, bytes: Uint8Array): Record<string, string | undefined> {
  const text = decode(file, bytes);
  const issues = text.split('\n').flatMap((line, index) => issuesOf(line.replace(EDGES, ''), index + 1));
  if (issues.length > 0) {
    const heading = `The settings file ${file} can be read in two ways:`;
    throw new OperatorError([heading, ...issues.map((issue) => `  ${issue}`)].join('\n'), 'settings');
  }
  return parseEnv(text);
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new OperatorError(`The settings file ${file} is not UTF-8. Save it in that encoding.`, 'settings');
  }
}

/** White space that both remove at the ends of a line. */
const EDGES = /^[ \t]+|[ \t\r]+$/g;

/**
 * White space that Node keeps and Compose removes at the ends of a value; and control characters.
 */
const UNUSUAL = /[^\S \t]|(?!\t)\p{Cc}/u;

function issuesOf(line: string, number: number): string[] {
  if (line === '' || line.startsWith('#')) return [];
  const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/.exec(line) ?? [];
  if (name === undefined) {
    const what = /^export\s/.test(line) ? 'leave out "export"' : 'wanted a comment, or NAME=value';
    return [`line ${number}: ${what}`];
  }
  const what = ambiguityOf(value);
  return what === undefined ? [] : [`line ${number} (${name}): ${what}`];
}

const REMEDY = "write the value in single quotes: NAME='…'";

/** The part of a value that Node and Compose read differently. */
function ambiguityOf(value: string): string | undefined {
  const quote = value[0];
  if (quote === '`') return `begins with a backtick; ${REMEDY}`;
  if (quote === "'" || quote === '"') return quotedAmbiguityOf(value.slice(1), quote);
  const [kept = ''] = value.split(/ #/, 1);
  if (UNUSUAL.test(kept)) return `white space other than spaces and tabs, or a control character; ${REMEDY}`;
  if (kept.includes('#')) return `# without quotes may begin a comment; ${REMEDY}`;
  return kept.includes('$') ? `$ without quotes may stand for a variable; ${REMEDY}` : undefined;
}

function quotedAmbiguityOf(rest: string, quote: string): string | undefined {
  const end = rest.indexOf(quote);
  if (end < 0) return 'the quote is not closed on its line; refer to a file for a value of several lines';
  const [inside, behind] = [rest.slice(0, end), rest.slice(end + 1)];
  if (inside.endsWith('\\')) return 'a backslash stands before the closing quote; refer to a file instead';
  if (!/^(\s+#.*|\s*)$/.test(behind)) return `there is text after the closing quote; ${REMEDY}`;
  if (quote === "'") return undefined;
  if (inside.includes('\\')) return `a backslash in double quotes may be an escape; ${REMEDY}`;
  return inside.includes('$') ? `$ in double quotes may stand for a variable; ${REMEDY}` : undefined;
}
