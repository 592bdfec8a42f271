import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL(
  '../../node_modules/purecloud-platform-client-v2/src/purecloud-platform-client-v2/',
  import.meta.url,
);

/** What the SDK says about one operation: the names of its query parameters. */
export type SdkOperations = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Every operation in the sources of the official SDK, by method and path. A method of an API class
 * calls `callApi(path, method, path parameters, query parameters, …)`.
 */
export function readSdkOperations(): SdkOperations {
  const operations = new Map<string, Set<string>>();
  for (const file of readdirSync(new URL('api/', FOLDER))) {
    const source = readFileSync(new URL(`api/${file}`, FOLDER), 'utf8');
    const calls = source.matchAll(
      /callApi\(\s*'([^']+)',\s*'([A-Z]+)',\s*\{[^}]*\},\s*\{((?:[^{}]|\{[^}]*\})*)\}/g,
    );
    for (const [, path, method, query = ''] of calls) {
      const names = [...query.matchAll(/'([^']+)':/g)].map(([, name = '']) => name);
      operations.set(`${method} ${path}`, new Set(names));
    }
  }
  return operations;
}

/** The source of the part of the SDK that logs in. */
export function readLoginSource(): string {
  return readFileSync(new URL('ApiClient.js', FOLDER), 'utf8');
}
