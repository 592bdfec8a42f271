/**
 * Takes out of shared Lua code what one script needs. Redis runs the whole text of a script with each
 * call, and makes every function in it anew, also those that the script does not call.
 *
 * Shared code is a sequence of parts that begin in the first column: functions, constants and other
 * statements. A part is needed when the script, or another needed part, has a word that it defines.
 * A word too many costs a part too many, and changes nothing else. Statements that define nothing are
 * always needed.
 */

/** A statement of shared code. */
interface Part {
  readonly text: string;
  /** The names that it defines. */
  readonly names: readonly string[];
  /** The names that it may use. */
  readonly words: ReadonlySet<string>;
}

/** The first line of a part. Lines such as `end` belong to the part above. */
const BEGINNING = /^(?!(?:end|else|elseif|until)\b)[a-z]/;

/** What the first line of a part defines: one function, or several variables. */
const DEFINITION = /^(?:local )?function (\w+)|^local (\w+(?:, \w+)*)/;

/**
 * @param shared Lua in the order in which it runs.
 * @returns the parts that the script needs, in their order, without comment lines.
 */
export function partsFor(script: string, shared: readonly string[]): string {
  const parts = shared.flatMap(partsOf);
  const needed = new Set(parts.filter(({ names }) => names.length === 0));
  const wanted = [wordsIn(script), ...[...needed].map(({ words }) => words)];
  for (let words = wanted.pop(); words; words = wanted.pop()) {
    for (const part of parts) {
      if (needed.has(part) || !part.names.some((name) => words.has(name))) continue;
      needed.add(part);
      wanted.push(part.words);
    }
  }
  return parts
    .filter((part) => needed.has(part))
    .map(({ text }) => text)
    .join('\n');
}

function partsOf(lua: string): Part[] {
  const texts: string[] = [];
  for (const line of codeLines(lua)) {
    if (BEGINNING.test(line)) texts.push(line);
    else texts.push(`${texts.pop() ?? ''}\n${line}`);
  }
  return texts.map((text) => {
    const [, name, variables] = DEFINITION.exec(text) ?? [];
    return { text, names: name ? [name] : (variables?.split(', ') ?? []), words: wordsIn(text) };
  });
}

function wordsIn(lua: string): ReadonlySet<string> {
  return new Set(
    codeLines(lua)
      .join('\n')
      .match(/[A-Za-z_]\w*/g),
  );
}

/** The lines that are neither empty nor a comment alone. */
function codeLines(lua: string): string[] {
  return lua.split('\n').filter((line) => !/^\s*(?:--|$)/.test(line));
}
