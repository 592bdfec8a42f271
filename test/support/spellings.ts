import fc from 'fast-check';

/** Characters, raw or as references, that a browser does not show inside a word. */
const HIDDEN = ['', '', '\t', '\n', '\r', '\0', '\u00ad', '\u200b', '\u200d', '\ufeff', '&Tab;'];

/** A word with its letters in any form, and hidden characters between them. The forms of HTML are always there. */
export function spellings(
  word: string,
  formsOf: (letter: string) => readonly string[],
  hidden: readonly string[],
): fc.Arbitrary<string> {
  const between = fc.constantFrom(...HIDDEN, ...hidden);
  const pieces = [...word].flatMap((letter) => [
    fc.constantFrom(...htmlForms(letter), ...formsOf(letter)),
    between,
  ]);
  return fc.tuple(...pieces).map((written) => written.join(''));
}

function htmlForms(letter: string): readonly string[] {
  const code = letter.charCodeAt(0);
  return [letter, letter.toUpperCase(), `&#${code};`, `&#x${code.toString(16)};`, `&#000${code};`];
}
