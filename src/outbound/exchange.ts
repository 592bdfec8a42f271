import type { Dispatcher } from 'undici';
import { decodeUtf8 } from '../core/utf8.ts';
import { type Answer, answerOf, type RawHeaders } from './answer.ts';
import { decode } from './decode.ts';
import { NoAnswerError } from './sent.ts';
import { expectWrite, type Wire } from './wire.ts';

/** One request, ready to be sent. */
export interface Outgoing {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: string | Uint8Array | undefined;
  /** The answer has its body as bytes, fewer than so many, and not as a text. */
  readonly bytesUpTo?: number | undefined;
  /** Covers the whole exchange, the body of the answer included. */
  readonly deadline: AbortSignal;
  /** @see OutboundRequest.isLate */
  readonly isLate?: (() => boolean) | undefined;
  readonly maxAnswerBytes: number;
}

/**
 * Sends one request and reads its answer, body included. It does not follow redirects. It uses
 * undici's `dispatch`, because streams and web objects cost more than all the rest together.
 *
 * The head of the answer decides. A body that is incomplete, cannot be decoded, or is longer than
 * `maxAnswerBytes` is left out or cut. An error here would make a delivered message a failed one.
 *
 * @throws {NoAnswerError} which says whether the request was sent
 */
export async function exchange(outgoing: Outgoing): Promise<Answer> {
  const { dispatcher, origin, path, method, headers, content, deadline } = outgoing;
  const { maxAnswerBytes, bytesUpTo = maxAnswerBytes, isLate } = outgoing;
  if (deadline.aborted) throw new NoAnswerError(false, deadline.reason);
  const received = await new Promise<Received>((resolve, reject) => {
    const handler = new Exchange(bytesUpTo, isLate, resolve, reject);
    const abort = () => handler.abort(deadline.reason);
    handler.whenOver = () => deadline.removeEventListener('abort', abort);
    deadline.addEventListener('abort', abort);
    const request = { origin, path, method: method as Dispatcher.HttpMethod, headers, body: content ?? null };
    dispatcher.dispatch(request, handler);
  });
  return await answerIn(received, outgoing);
}

/** An answer whose body is not decoded yet. */
interface Received {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: readonly Buffer[];
  readonly ending: Answer['ending'];
}

async function answerIn(
  { status, headers, body, ending }: Received,
  { maxAnswerBytes, bytesUpTo }: Pick<Outgoing, 'maxAnswerBytes' | 'bytesUpTo'>,
): Promise<Answer> {
  if (ending === 'broken') return answerOf(status, headers, '', ending);
  const maxBytes = bytesUpTo ?? maxAnswerBytes;
  const bytes = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
  const encoding = headers['content-encoding'];
  const decoded =
    encoding === undefined ? { bytes, ending } : await decode(bytes, String(encoding), maxBytes);
  const kept = decoded.bytes.subarray(0, maxBytes);
  const endsAs = ending === 'cut' ? ending : decoded.ending;
  if (bytesUpTo !== undefined) return { ...answerOf(status, headers, '', endsAs), bytes: kept };
  // A cut may split a character, so the text is not checked. No caller parses a cut body.
  const text = endsAs === 'cut' ? kept.toString('utf8') : decodeUtf8(kept);
  if (text !== undefined) return answerOf(status, headers, text, endsAs);
  // Parts of a refusal are useful to an operator. The body of a success must not be misread.
  const words = status < 300 ? '' : kept.toString('utf8');
  return answerOf(status, headers, words, 'foreign');
}

/** Follows one request until its answer ends. */
class Exchange implements Dispatcher.DispatchHandler {
  whenOver: () => void = () => {};
  readonly #maxBytes: number;
  readonly #isLate: (() => boolean) | undefined;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (error: NoAnswerError) => void;
  #controller: Dispatcher.DispatchController | undefined;
  /** Set when the request is written. */
  #wire: Wire | undefined;
  #isStarted = false;
  #isOver = false;
  #status = 0;
  #headers: RawHeaders = {};
  readonly #body: Buffer[] = [];
  #size = 0;

  constructor(
    maxBytes: number,
    isLate: (() => boolean) | undefined,
    resolve: (received: Received) => void,
    reject: (error: NoAnswerError) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#isLate = isLate;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Ends the exchange. A request that still waits for a connection is never sent. */
  abort(reason: unknown): void {
    this.#fail(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error('the request was aborted'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isLate?.()) this.#fail(new DOMException('the request is too late', 'TimeoutError'));
    if (this.#isOver) {
      controller.abort(new Error('the request was aborted'));
      return;
    }
    this.#isStarted = true;
    expectWrite((wire) => {
      this.#wire = wire;
    });
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#maxBytes) return;
    this.#end('cut');
    controller.abort(new Error('the answer is longer than the limit'));
  }

  onResponseEnd(): void {
    this.#end('whole');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** An answer that undici cannot read still counts if its status was received. */
  #fail(error: unknown): void {
    if (this.#status === 0) this.#status = this.#wire?.status() ?? 0;
    if (this.#status > 0) this.#end('broken');
    else if (this.#close()) this.#reject(new NoAnswerError(this.#isStarted, error));
  }

  #end(ending: Answer['ending']): void {
    if (!this.#close()) return;
    this.#resolve({ status: this.#status, headers: this.#headers, body: this.#body, ending });
  }

  /** @returns false if the exchange was over before. */
  #close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.whenOver();
    return true;
  }
}
