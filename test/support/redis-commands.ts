/** One command on its way to Redis. */
export interface RedisCommand {
  /** Its words, with spaces between them. */
  readonly words: string;
  /** Where it ends in the bytes. */
  readonly end: number;
}

/**
 * The first command, once it is complete: `*<words>`, and for each word `$<bytes>` and its bytes.
 */
export function commandIn(bytes: Buffer): RedisCommand | undefined {
  const lineAt = (from: number) => {
    const end = bytes.indexOf('\r\n', from);
    return end < 0 ? undefined : { number: Number(bytes.toString('latin1', from + 1, end)), next: end + 2 };
  };
  const head = lineAt(0);
  if (!head) return undefined;
  const words: string[] = [];
  let at = head.next;
  for (let left = head.number; left > 0; left--) {
    const size = lineAt(at);
    if (!size || bytes.length < size.next + size.number + 2) return undefined;
    words.push(bytes.toString('utf8', size.next, size.next + size.number));
    at = size.next + size.number + 2;
  }
  return { words: words.join(' '), end: at };
}
