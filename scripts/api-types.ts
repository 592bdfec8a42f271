/** The types of a client that openapi-typescript generates from the API document. */
import { registerHooks } from 'node:module';

const HEADER = `/**
 * The types of the API document, rendered by openapi-typescript. No person reads or edits this file, so
 * its length does not matter.
 */
`;

/** @param document the text of the API document. */
export async function renderApiTypes(document: string): Promise<string> {
  const { default: generate, astToString } = await loadGenerator();
  const ast = await generate(document, { silent: true });
  return HEADER + astToString(ast);
}

/**
 * The generator uses the compiler of TypeScript 5 as a library. TypeScript 7 has no such library, and
 * both would claim the command `tsc`. @ts-morph/common holds the library without a command.
 */
async function loadGenerator() {
  const compiler = new URL('compiler-5.ts', import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'typescript' ? { url: compiler, shortCircuit: true } : next(specifier, context),
  });
  try {
    return await import('openapi-typescript');
  } finally {
    hooks.deregister();
  }
}
