import { type Dispatcher, request } from 'undici';
import { readBody } from './read-body.ts';

/** Answers that have no body by definition, and whose `Response` may have none. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` on undici's `request`, which takes half the processor time of Node's own `fetch`: for ky, whose requests
 * have texts for bodies. It follows no redirects, and the answer is there when its body is.
 *
 * The head of an answer has decided: a body that breaks off, or is longer than `maxAnswerBytes`, is cut short, for it
 * must not make a delivered message a failed one.
 */
export function createFetch(
  dispatcher: Dispatcher,
  maxAnswerBytes: number,
): (input: Request) => Promise<Response> {
  return async function fetch(input) {
    const { statusCode, headers, body } = await request(input.url, {
      dispatcher,
      method: input.method as Dispatcher.HttpMethod,
      headers: Object.fromEntries(input.headers),
      body: input.body && (await input.text()),
      signal: input.signal,
    });
    const text = await readBody(body, maxAnswerBytes).catch(() => '');
    return new Response(WITHOUT_BODY.has(statusCode) ? null : text, {
      status: statusCode,
      headers: webHeaders(headers),
    });
  };
}

function webHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const all = new Headers();
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values ?? []].flat()) all.append(name, value);
  }
  return all;
}
