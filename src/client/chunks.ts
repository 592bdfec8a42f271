export interface ChunkLimits {
  readonly maxItems: number;
  /** Characters of all items of a chunk; one item may be longer. */
  readonly maxLength: number;
  /** Longest wait for more items of a chunk. */
  readonly waitMs: number;
}

/**
 * Gathers texts: as many as come quickly, so that a fast caller needs few requests, and a slow one has
 * its results at once. It reads ahead by one text. When the source fails, its earlier texts come first.
 */
export async function* chunksOf(
  texts: AsyncIterable<string>,
  { maxItems, maxLength, waitMs }: ChunkLimits,
): AsyncGenerator<string[], void, undefined> {
  const iterator = texts[Symbol.asyncIterator]();
  let next = settled(iterator);
  try {
    for (;;) {
      const chunk: string[] = [];
      let length = 0;
      let came: Came | undefined = await next;
      const lateness = startLateness(waitMs);
      while (came && 'value' in came && (chunk.length === 0 || length + came.value.length <= maxLength)) {
        chunk.push(came.value);
        length += came.value.length;
        next = settled(iterator);
        came = chunk.length < maxItems ? await Promise.race([next, lateness.late]) : undefined;
      }
      lateness.stop();
      if (chunk.length > 0) yield chunk;
      if (!came || 'value' in came) continue;
      if ('error' in came) throw came.error;
      return;
    }
  } finally {
    // Not awaited: a source that hangs would block here too.
    iterator.return?.()?.catch(() => {});
  }
}

type Came = { readonly value: string } | { readonly error: unknown } | { readonly isDone: true };

/** It never rejects, because the texts before a failure have to be given out first. */
async function settled(iterator: AsyncIterator<string>): Promise<Came> {
  try {
    const next = await iterator.next();
    return next.done ? { isDone: true } : { value: next.value };
  } catch (error) {
    return { error };
  }
}

function startLateness(ms: number) {
  let stop = () => {};
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(resolve, ms, undefined);
    stop = () => clearTimeout(timer);
  });
  return { late, stop };
}
