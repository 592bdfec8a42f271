import { type ErrorCodes, type Token, Tokenizer, TokenizerMode } from 'parse5';

/** One piece of rich text, in the order in which it was written. */
export type RichToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'start'; readonly name: string; readonly attributes: readonly Token.Attribute[] }
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'comment' };

export interface RichTokens {
  readonly tokens: readonly RichToken[];
  /** Names of the standard for errors, such as `eof-in-tag`. */
  readonly errors: ReadonlySet<`${ErrorCodes}`>;
}

/** The parser finds no tags in these elements, only text. */
const TEXT_ONLY: Readonly<Record<string, Tokenizer['state']>> = {
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  noscript: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
  plaintext: TokenizerMode.PLAINTEXT,
};

/** The tags and texts of a text, read by the tokenizer of the standard. Linear in the text. */
export function tokenize(text: string): RichTokens {
  const tokens: RichToken[] = [];
  const errors = new Set<`${ErrorCodes}`>();
  const addText = ({ chars }: Token.CharacterToken) => {
    tokens.push({ kind: 'text', text: chars });
  };
  const addComment = () => {
    tokens.push({ kind: 'comment' });
  };
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: false },
    {
      onStartTag({ tagName, attrs }) {
        tokens.push({ kind: 'start', name: tagName, attributes: attrs });
        const mode = Object.hasOwn(TEXT_ONLY, tagName) ? TEXT_ONLY[tagName] : undefined;
        if (mode !== undefined) tokenizer.state = mode;
      },
      onEndTag({ tagName }) {
        tokens.push({ kind: 'end', name: tagName });
      },
      onCharacter: addText,
      onWhitespaceCharacter: addText,
      onNullCharacter: addText,
      onComment: addComment,
      onDoctype: addComment,
      onEof() {},
      onParseError({ code }) {
        errors.add(code);
      },
    },
  );
  tokenizer.write(text, true);
  return { tokens, errors };
}

/**
 * A text with its character references decoded as browsers do, also without a semicolon: `&lt`,
 * `&#106;`. Every "<" stays a text.
 */
export function decodeReferences(text: string): string {
  if (!/&[#a-z]/i.test(text)) return text;
  return textOf(tokenize(text.replaceAll('<', '&lt;')).tokens);
}

/** The texts between the tags. */
export function textOf(tokens: readonly RichToken[]): string {
  return tokens.map((token) => (token.kind === 'text' ? token.text : '')).join('');
}
