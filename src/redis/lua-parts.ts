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
}

/** Shared code, divided once for all its scripts. */
export interface SharedLua {
  readonly parts: readonly Part[];
  readonly definitions: ReadonlyMap<string, readonly Part[]>;
  /** The parts that a part needs directly, for those that a script has needed. */
  readonly needs: Map<Part, readonly Part[]>;
}

/** The first line of a part. Lines such as `end` belong to the part above. */
const BEGINNING = /^(?!(?:end|else|elseif|until)\b)[a-z]/;

/** What the first line of a part defines: one function, or several variables. */
const DEFINITION = /^(?:local )?function (\w+)|^local (\w+(?:, \w+)*)/;

/** @param texts Lua in the order in which it runs. */
export function shareLua(texts: readonly string[]): SharedLua {
  const parts = texts.flatMap(partsOf);
  const definitions = new Map<string, Part[]>();
  for (const part of parts) {
    for (const name of part.names) {
      const known = definitions.get(name);
      if (known) known.push(part);
      else definitions.set(name, [part]);
    }
  }
  return { parts, definitions, needs: new Map() };
}

/** The parts that the script needs, in their order, without comment lines. */
export function partsFor(script: string, shared: SharedLua): string {
  const { parts, needs } = shared;
  const needed = new Set<Part>();
  const ahead = [...parts.filter(({ names }) => names.length === 0), ...definedIn(script, shared)];
  for (let part = ahead.pop(); part; part = ahead.pop()) {
    if (needed.has(part)) continue;
    needed.add(part);
    const own = needs.get(part) ?? definedIn(part.text, shared);
    needs.set(part, own);
    ahead.push(...own);
  }
  return parts
    .filter((part) => needed.has(part))
    .map(({ text }) => text)
    .join('\n');
}

/** The parts that define a word of the text. */
function definedIn(text: string, { definitions }: SharedLua): readonly Part[] {
  return [...new Set(wordsIn(text))].flatMap((word) => definitions.get(word) ?? []);
}

function partsOf(lua: string): Part[] {
  const texts: string[] = [];
  for (const line of codeLines(lua)) {
    if (BEGINNING.test(line)) texts.push(line);
    else texts.push(`${texts.pop() ?? ''}\n${line}`);
  }
  return texts.map((text) => {
    const [, name, variables] = DEFINITION.exec(text) ?? [];
    return { text, names: name ? [name] : (variables?.split(', ') ?? []) };
  });
}

function wordsIn(lua: string): readonly string[] {
  return (
    codeLines(lua)
      .join('\n')
      .match(/[A-Za-z_]\w*/g) ?? []
  );
}

/** The lines that are neither empty nor a comment alone. */
function codeLines(lua: string): string[] {
  return lua.split('\n').filter((line) => !/^\s*(?:--|$)/.test(line));
}
