/** Longest text of one message: 4,096 bytes of UTF-8 (docs/guides.md#message-limits). */
export const MAX_TEXT_BYTES = 4096;

/** The longest text of one message. */
export interface TextLimit {
  readonly max: number;
  /** Bytes of UTF-8, or characters: UTF-16 code units, of which an emoji has two or more. */
  readonly unit: 'bytes' | 'characters';
}

let segmenter: Intl.Segmenter | undefined;

/** Made for the first text: it loads the list of all locales, and many processes split no text. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Length as Genesys Cloud counts it. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Length of a text in the unit of a limit. */
export function lengthIn(unit: TextLimit['unit'], text: string): number {
  return unit === 'bytes' ? utf8Bytes(text) : text.length;
}

/**
 * Splits a text into parts of at most `max` bytes of UTF-8, or characters. A part ends behind white
 * space where there is any, else between two graphemes, so that no character and no emoji is torn.
 * A grapheme that is longer than a whole part is cut between code points. The parts together are
 * the text, except that parts of white space alone are left out.
 */
export function splitText(
  text: string,
  max: number = MAX_TEXT_BYTES,
  unit: TextLimit['unit'] = 'bytes',
): string[] {
  const parts: string[] = [];
  let part = '';
  let partLength = 0;
  // Where `part` may be cut behind a white space: UTF-16 index and length up to there.
  let boundary = { index: 0, length: 0 };

  for (const piece of pieces(text, max, unit)) {
    const length = lengthIn(unit, piece);
    if (partLength + length > max) {
      const cut = boundary.index > 0 ? boundary : { index: part.length, length: partLength };
      parts.push(part.slice(0, cut.index));
      part = part.slice(cut.index);
      partLength -= cut.length;
      boundary = { index: 0, length: 0 };
      if (partLength + length > max) {
        // The rest is nearly a whole part without white space, so that it becomes a part.
        parts.push(part);
        part = '';
        partLength = 0;
      }
    }
    part += piece;
    partLength += length;
    if (/\s$/u.test(piece)) boundary = { index: part.length, length: partLength };
  }
  parts.push(part);
  return parts.filter((candidate) => candidate.trim() !== '');
}

/** Graphemes, and the code points of those that no part could hold. */
function* pieces(text: string, max: number, unit: TextLimit['unit']): Generator<string> {
  for (const { segment } of graphemesOf(text)) {
    if (lengthIn(unit, segment) <= max) yield segment;
    else yield* segment;
  }
}
