import { readdirSync, readFileSync } from 'node:fs';

const PACKAGE = new URL('../../node_modules/purecloud-platform-client-v2/', import.meta.url);
const API = new URL('src/purecloud-platform-client-v2/api/', PACKAGE);

/** The models of the official SDK: what the bodies of its requests may have. */
export interface SdkModels {
  /** The type of the body of a request such as `POST /api/v2/audits/query`: a model, or a list. */
  bodyOf(request: string): string | undefined;
  /** The path of the SDK, with its parameters, that a path belongs to. */
  templateOf(method: string, path: string): string | undefined;
  /** Paths of the fields of a value that a type does not have. */
  unknownFields(value: unknown, type: string): string[];
  /** Names of all fields of a model and of its parts. */
  fieldNames(model: string): ReadonlySet<string>;
}

/** Reads the sources and the types of the SDK. */
export function readSdkModels(): SdkModels {
  const types = readFileSync(new URL('index.d.ts', PACKAGE), 'utf8');
  const methods = readMethods();
  const templates = [...methods.keys()].map((request) => ({ request, pattern: patternOf(request) }));
  const models = new Map<string, ReadonlyMap<string, string>>();

  function fieldsOf(model: string): ReadonlyMap<string, string> {
    const known = models.get(model);
    if (known) return known;
    const [, body = ''] = new RegExp(`interface ${model} \\{([\\s\\S]*?)\\n\\t\\}`).exec(types) ?? [];
    const fields = new Map(
      [...body.matchAll(/"(\w+)"\??: (.+);/g)].map(([, name = '', type = '']) => [name, type]),
    );
    models.set(model, fields);
    return fields;
  }

  function unknownIn(value: unknown, type: string, path: string): string[] {
    const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
    if (item !== undefined) {
      return Array.isArray(value) ? value.flatMap((each) => unknownIn(each, item, `${path}[]`)) : [path];
    }
    const [, model] = /^Models\.(\w+)$/.exec(type) ?? [];
    if (model === undefined || typeof value !== 'object' || value === null) return [];
    const fields = fieldsOf(model);
    return Object.entries(value).flatMap(([name, held]) => {
      const field = fields.get(name);
      const at = path === '' ? name : `${path}.${name}`;
      return field === undefined ? [at] : unknownIn(held, field, at);
    });
  }

  function fieldNames(model: string, visited = new Set<string>()): ReadonlySet<string> {
    if (visited.has(model)) return new Set();
    visited.add(model);
    const names = [...fieldsOf(model)].flatMap(([name, type]) => {
      const parts = [...type.matchAll(/Models\.(\w+)/g)].map(([, part = '']) => part);
      return [name, ...parts.flatMap((part) => [...fieldNames(part, visited)])];
    });
    return new Set(names);
  }

  return {
    fieldNames: (model) => fieldNames(model),
    bodyOf(request) {
      const method = methods.get(request);
      const [, parameters = ''] = new RegExp(`\\t${method}\\(([^)]*)\\): Promise`).exec(types) ?? [];
      const [own] = /Models\.\w+/.exec(parameters) ?? [];
      if (own !== undefined) return own;
      const [, options = ''] =
        new RegExp(`interface ${method}Options \\{([\\s\\S]*?)\\n\\t\\}`).exec(types) ?? [];
      return /"body"\??: (.+);/.exec(options)?.[1];
    },
    templateOf(method, path) {
      const found = templates.filter(({ pattern }) => pattern.test(`${method} ${path}`));
      // A path without parameters is nearer than one with them.
      return found.toSorted((a, b) => holes(a.request) - holes(b.request))[0]?.request.split(' ')[1];
    },
    unknownFields: (value, type) => unknownIn(value, type, ''),
  };
}

/** The method of an API class that sends each request. */
function readMethods(): Map<string, string> {
  const methods = new Map<string, string>();
  for (const file of readdirSync(API)) {
    const source = readFileSync(new URL(file, API), 'utf8');
    const calls = source.matchAll(
      /\n\t(\w+)\([^)]*\) \{(?:(?!\n\t\}\n)[\s\S])*?callApi\(\s*'([^']+)',\s*'([A-Z]+)'/g,
    );
    for (const [, name = '', path, method] of calls) methods.set(`${method} ${path}`, name);
  }
  return methods;
}

function patternOf(request: string): RegExp {
  const escaped = request.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function holes(request: string): number {
  return request.split('{').length;
}
