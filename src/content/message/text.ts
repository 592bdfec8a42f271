/** Longest text of one message: 4,096 bytes of UTF-8 (docs/guides.md#message-limits). */
export const MAX_TEXT_BYTES = 4096;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Length as Genesys Cloud counts it. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * Splits a text into parts of at most `maxBytes` bytes of UTF-8. A part ends behind white space
 * where there is any, else between two graphemes, so that no character and no emoji is torn. A
 * grapheme that is longer than a whole part is cut between code points. The parts together are the
 * text, except that parts of white space alone are left out.
 */
export function splitText(text: string, maxBytes: number = MAX_TEXT_BYTES): string[] {
  const parts: string[] = [];
  let part = '';
  let partBytes = 0;
  // Where `part` may be cut behind a white space: UTF-16 index and bytes up to there.
  let boundary = { index: 0, bytes: 0 };

  for (const piece of pieces(text, maxBytes)) {
    const bytes = utf8Bytes(piece);
    if (partBytes + bytes > maxBytes) {
      const cut = boundary.index > 0 ? boundary : { index: part.length, bytes: partBytes };
      parts.push(part.slice(0, cut.index));
      part = part.slice(cut.index);
      partBytes -= cut.bytes;
      boundary = { index: 0, bytes: 0 };
      if (partBytes + bytes > maxBytes) {
        // The rest is nearly a whole part without white space, so that it becomes a part.
        parts.push(part);
        part = '';
        partBytes = 0;
      }
    }
    part += piece;
    partBytes += bytes;
    if (/\s$/u.test(piece)) boundary = { index: part.length, bytes: partBytes };
  }
  parts.push(part);
  return parts.filter((candidate) => candidate.trim() !== '');
}

/** Graphemes, and the code points of those that no part could hold. */
function* pieces(text: string, maxBytes: number): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    if (utf8Bytes(segment) <= maxBytes) yield segment;
    else yield* segment;
  }
}
