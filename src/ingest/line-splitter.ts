const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const EMPTY = Buffer.alloc(0);

/**
 * Splits chunks of bytes at line feeds. JSON may hold the other line breaks of Unicode, and a line
 * that is not UTF-8 must not damage the next one. A line within one chunk is a view of that chunk;
 * a line over several chunks is copied, so that no chunk is kept. It keeps nothing of a line that
 * is too long but the fact.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  /** The beginning of a line whose end has not come yet. */
  #kept: Buffer = EMPTY;
  #length = 0;
  #isTooLong = false;
  #number = 0;

  /** @param maxBytes of a line, without its line end. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Number of the line that it gave last, from 1. Blank lines count. */
  get number(): number {
    return this.#number;
  }

  /** Bytes that it keeps until the next chunk comes. */
  get heldBytes(): number {
    return this.#kept.length;
  }

  /**
   * The lines that end in this chunk; undefined stands for a line that is too long. It leaves out
   * most blank lines: a body of 200 MB may have 200 million.
   */
  *take(chunk: Uint8Array): Generator<Buffer | undefined> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = this.#isWithinLine() ? 0 : this.#behindBlanks(bytes, 0);
    for (let end = bytes.indexOf(LINE_FEED, start); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield this.#ended(bytes.subarray(start, end));
      start = this.#behindBlanks(bytes, end + 1);
    }
    this.#keep(bytes.subarray(start));
  }

  /** The last line, behind all line feeds. */
  rest(): Buffer | undefined {
    return this.#ended(EMPTY);
  }

  #isWithinLine(): boolean {
    return this.#length > 0 || this.#isTooLong;
  }

  /** Counts the blank lines that begin at a place and end in this chunk. */
  #behindBlanks(bytes: Buffer, from: number): number {
    let start = from;
    let blanks = 0;
    const maxBytes = this.#maxBytes;
    for (let at = from; at - start <= maxBytes; at++) {
      const byte = bytes[at];
      if (byte === LINE_FEED) {
        blanks++;
        start = at + 1;
      } else if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) break;
    }
    this.#number += blanks;
    return start;
  }

  #ended(part: Buffer): Buffer | undefined {
    this.#number++;
    let line = part;
    if (this.#isWithinLine()) {
      this.#keep(part);
      line = this.#kept.subarray(0, this.#length);
    }
    const isTooLong = this.#isTooLong;
    this.#release();
    if (isTooLong) return undefined;
    const whole = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    return whole.length > this.#maxBytes ? undefined : whole;
  }

  #keep(part: Buffer): void {
    if (this.#isTooLong || part.length === 0) return;
    const length = this.#length + part.length;
    // One byte more may be the carriage return.
    if (length > this.#maxBytes + 1) {
      this.#release();
      this.#isTooLong = true;
      return;
    }
    this.#reserve(length);
    part.copy(this.#kept, this.#length);
    this.#length = length;
  }

  /** Doubles the space, so that the cost of a line in many chunks is linear. */
  #reserve(length: number): void {
    if (length <= this.#kept.length) return;
    const space = Math.min(Math.max(length, 2 * this.#kept.length), this.#maxBytes + 1);
    const kept = Buffer.allocUnsafeSlow(space);
    this.#kept.copy(kept, 0, 0, this.#length);
    this.#kept = kept;
  }

  /** Callers may keep a line, so that its bytes are never written again. */
  #release(): void {
    this.#kept = EMPTY;
    this.#length = 0;
    this.#isTooLong = false;
  }
}
