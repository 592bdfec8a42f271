import type { Dispatcher } from 'undici';
import { decodeUtf8 } from '../core/utf8.ts';
import { type Answer, answerOf, type RawHeaders } from './answer.ts';
import { decode } from './decode.ts';
import { NoAnswerError } from './sent.ts';
import { expectWrite, type Wire } from './wire.ts';

/** One request as it goes out. */
export interface Outgoing {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly content?: string | undefined;
  /** Covers the whole exchange, the body of the answer included. */
  readonly deadline: AbortSignal;
  readonly maxAnswerBytes: number;
}

/**
 * One request and its answer, on undici's `dispatch`: without streams and web objects, which would cost more than all the
 * rest. No redirect is followed, and the answer is there when its body is.
 *
 * The head of an answer has decided. A body that breaks off, cannot be decoded, or is longer than `maxAnswerBytes`, is
 * left out or cut short, for it must not make a delivered message a failed one.
 *
 * @throws {NoAnswerError} says whether the request had been sent
 */
export async function exchange(outgoing: Outgoing): Promise<Answer> {
  const { dispatcher, origin, path, method, headers, content, deadline, maxAnswerBytes } = outgoing;
  if (deadline.aborted) throw new NoAnswerError(false, deadline.reason);
  const received = await new Promise<Received>((resolve, reject) => {
    const handler = new Exchange(maxAnswerBytes, resolve, reject);
    const abort = () => handler.abort(deadline.reason);
    handler.whenOver = () => deadline.removeEventListener('abort', abort);
    deadline.addEventListener('abort', abort);
    const request = { origin, path, method: method as Dispatcher.HttpMethod, headers, body: content ?? null };
    dispatcher.dispatch(request, handler);
  });
  return await answerIn(received, maxAnswerBytes);
}

/** An answer before its body is decoded. */
interface Received {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: readonly Buffer[];
  readonly ending: Answer['ending'];
}

async function answerIn({ status, headers, body, ending }: Received, maxBytes: number): Promise<Answer> {
  if (ending === 'broken') return answerOf(status, headers, '', ending);
  const bytes = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
  const encoding = headers['content-encoding'];
  const decoded =
    encoding === undefined ? { bytes, ending } : await decode(bytes, String(encoding), maxBytes);
  const kept = decoded.bytes.subarray(0, maxBytes);
  const endsAs = ending === 'cut' ? ending : decoded.ending;
  // A cut may go through a character, and what is cut is read by nobody.
  const text = endsAs === 'cut' ? kept.toString('utf8') : decodeUtf8(kept);
  if (text !== undefined) return answerOf(status, headers, text, endsAs);
  // Some words of a refusal can be read all the same; what was granted must not be taken for what it is not.
  const words = status < 300 ? '' : kept.toString('utf8');
  return answerOf(status, headers, words, 'foreign');
}

/** Follows one request from its start to the end of its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  whenOver: () => void = () => {};
  readonly #maxBytes: number;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (error: NoAnswerError) => void;
  #controller: Dispatcher.DispatchController | undefined;
  /** Set as soon as the request is written. */
  #wire: Wire | undefined;
  #isStarted = false;
  #isOver = false;
  #status = 0;
  #headers: RawHeaders = {};
  readonly #body: Buffer[] = [];
  #size = 0;

  constructor(
    maxBytes: number,
    resolve: (received: Received) => void,
    reject: (error: NoAnswerError) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** What waits for a connection is not sent any more once it gets one. */
  abort(reason: unknown): void {
    this.#fail(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error('given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) {
      controller.abort(new Error('given up'));
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
    controller.abort(new Error('long enough'));
  }

  onResponseEnd(): void {
    this.#end('whole');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** Also an answer that undici could not read is one, if its status came. */
  #fail(error: unknown): void {
    if (this.#status === 0) this.#status = this.#wire?.status() ?? 0;
    if (this.#status > 0) this.#end('broken');
    else if (this.#close()) this.#reject(new NoAnswerError(this.#isStarted, error));
  }

  #end(ending: Answer['ending']): void {
    if (!this.#close()) return;
    this.#resolve({ status: this.#status, headers: this.#headers, body: this.#body, ending });
  }

  /** @returns false where the exchange was over before. */
  #close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.whenOver();
    return true;
  }
}
