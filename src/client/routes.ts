import type { CallOptions, Transport } from './transport.ts';

/** Calls one address. A parameter such as `{id}` is filled in. */
export interface Caller {
  get<Body>(path: string, options?: CallOptions & { readonly query?: object }): Promise<Body>;
  /** An act that does no more when it comes twice. */
  put<Body>(path: string, body: object | undefined, options?: CallOptions): Promise<Body>;
  /** An act that the client sends again only when the server did not do it. */
  act<Body>(path: string, body: object | undefined, options?: CallOptions): Promise<Body>;
  cancel<Body>(path: string, options?: CallOptions): Promise<Body>;
}

export function createCaller(transport: Transport): Caller {
  const post = async <Body>(
    path: string,
    body: object | undefined,
    options: CallOptions,
    isRepeatable: boolean,
  ) => {
    const text = body && JSON.stringify(body);
    const call = { method: 'POST', path, isRepeatable, ...options, body: text } as const;
    return (await transport.call<Body>(call)).body;
  };
  return {
    async get<Body>(path: string, options: CallOptions & { readonly query?: object } = {}) {
      return (await transport.call<Body>({ method: 'GET', path, isRepeatable: true, ...options })).body;
    },
    put: (path, body, options = {}) => post(path, body, options, true),
    act: (path, body, options = {}) => post(path, body, options, false),
    async cancel<Body>(path: string, options: CallOptions = {}) {
      return (await transport.call<Body>({ method: 'DELETE', path, isRepeatable: false, ...options })).body;
    },
  };
}

/** An id as a part of a path. */
export function part(id: string): string {
  return encodeURIComponent(id);
}
