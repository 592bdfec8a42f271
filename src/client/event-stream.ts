/** An event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** Of this event, or of the last one that had an id. */
  readonly id: string;
}

export interface EventStreamOptions {
  /** Called with the time after which the server wants the stream opened again. */
  readonly onRetry?: (ms: number) => void;
}

/** Reads server-sent events as the HTML standard has them. An event that broke off is left out. */
export async function* readEvents(
  texts: AsyncIterable<string>,
  { onRetry = () => {} }: EventStreamOptions = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let event = '';
  let data: string[] = [];
  let id = '';
  for await (const line of readEventLines(texts)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id };
      [event, data] = ['', []];
      continue;
    }
    const [name, value] = fieldOf(line);
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
  }
}

/** A comment has an empty name. */
function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}

/** Lines that end with LF, CR or CRLF. A CR at the end of a text may have its LF in the next one. */
async function* readEventLines(texts: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  let isAfterCr = false;
  for await (const text of texts) {
    const fresh = isAfterCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') isAfterCr = text.endsWith('\r');
    const lines = (rest + fresh).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
