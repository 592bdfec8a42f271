/**
 * Waits for the first piece of an answer. A failure before it is thrown here, so that the answer can have
 * the status of the failure. A failure behind it belongs to the last piece.
 */
export async function begun(pieces: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await pieces.next();
  return rest(first, pieces);
}

async function* rest(first: IteratorResult<string>, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    if (first.done) return;
    yield first.value;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}
