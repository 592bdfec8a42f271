/** Bodies for the tests of what comes over HTTP. */

/** The bytes of a text, or the bytes themselves, in chunks of these sizes; the last size repeats. */
export async function* inChunks(
  body: string | Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(body);
  let start = 0;
  for (let index = 0; start < bytes.length; index++) {
    const size = Math.max(1, sizes[Math.min(index, sizes.length - 1)] ?? bytes.length);
    // A copy: a reader must not rely on chunks that share their memory.
    yield Uint8Array.from(bytes.subarray(start, start + size));
    start += size;
  }
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What was read before the source failed, and the error. */
export async function allAndError<Item>(
  items: AsyncIterable<Item>,
): Promise<{ list: Item[]; error: unknown }> {
  const list: Item[] = [];
  try {
    for await (const item of items) list.push(item);
  } catch (error) {
    return { list, error };
  }
  return { list, error: undefined };
}
