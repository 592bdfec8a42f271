import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { openServer } from '../http/stage.ts';

/** What a browser and Deno have without Node. */
const GLOBALS = {
  fetch,
  URL,
  URLSearchParams,
  Headers,
  Request,
  Response,
  AbortController,
  AbortSignal,
  crypto,
  setTimeout,
  clearTimeout,
  TextEncoder,
  TextDecoder,
  TextEncoderStream,
  TextDecoderStream,
  ReadableStream,
  TransformStream,
  WritableStream,
  structuredClone,
  queueMicrotask,
  DOMException,
  performance,
};

/** The client as one script, which leaves its exports in `client`. */
async function script(): Promise<string> {
  const bundle = await rolldown({ input: 'src/client/client.ts', platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', name: 'client' });
  return output[0].code;
}

test('the client works with the globals of a browser, and without those of Node', async () => {
  const { url, keys } = await openServer(await openSystem());
  const context = createContext({ ...GLOBALS });
  const options = JSON.stringify({ baseUrl: url, apiKey: await keys.make() });
  const job = JSON.stringify({ ...message(), idempotencyKey: 'order-1' });

  const result = await runInContext(
    `${await script()}
    (async () => {
      const own = client.createClient(${options});
      const sent = await own.messages.send(${job});
      const shown = await own.jobs.get(sent.id);
      return { sent: sent.id, shown: shown.id, node: typeof process + typeof Buffer };
    })()`,
    context,
  );

  expect(result).toMatchObject({ shown: result.sent, node: 'undefinedundefined' });
});
