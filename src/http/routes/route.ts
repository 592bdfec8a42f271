import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { ApiKey, Scope } from '../../access/api-key.ts';
import type { ProblemCode } from '../../core/http-errors.ts';
import type { Trace } from '../../core/trace.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import type { Door } from '../door.ts';

/** Groups of routes in the API document. */
export const TAGS = {
  Send: 'Hand over jobs to the workers.',
  Jobs: 'Follow, cancel and retry jobs.',
  Overview: 'See what the installation does now, and what it did lately.',
  Tenants: 'Look at tenants, pause and resume them.',
  Webhooks: 'Look at the receivers of callbacks, and send callbacks again.',
  Login: 'Log a browser in, for the control room.',
  About: 'The API document and the pages about errors.',
} as const;

export type Tag = keyof typeof TAGS;

/** What a handler gets of a request. The types come from the schemas of its route. */
export interface Call<Params, Query, Body> {
  readonly key: ApiKey;
  /** The tenants of the key: others do not exist for this call. */
  readonly tenants: TenantRegistry;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** The trace that jobs of the call belong to, unless they name one. */
  readonly trace: Trace | undefined;
  /** Aborts when the caller has left. */
  readonly signal: AbortSignal;
  /** Whether the key still works. What goes on for long asks at every step. */
  mayGoOn(): Promise<boolean>;
  /** The address of the caller, also behind a trusted proxy. */
  address(): string;
  /** The address of a resource as the caller sees it, behind the path of a proxy. */
  link(path: string): string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON by default; a stream or a text has its own `content-type`. */
  readonly body?: unknown;
}

export interface ResponseSpec {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` by default. */
  readonly contentType?: string;
  readonly example?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BodySpec<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** The contract of the kind checks the body in the handler, so that all issues come together. */
  readonly isCheckedByHandler?: boolean;
  /** The handler reads the body itself. */
  readonly isStream?: boolean;
  /** `application/json` by default. */
  readonly contentTypes?: readonly string[];
  readonly examples?: Readonly<Record<string, unknown>>;
  /** Examples of one content type, where each has another form. */
  readonly examplesOfType?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** With `:name` for parameters. */
  readonly url: string;
  readonly operationId: string;
  readonly tag: Tag;
  /** The scope that the key needs; null: no key is needed. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: BodySpec<B>;
  /** Headers of the request for the document: name to description. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Problems beyond those of every route. */
  readonly problems: readonly ProblemCode[];
  /** The answer is a stream, and may take any time. */
  readonly isStreamed?: boolean;
  /** The answer waits for another server, and not for Redis alone. */
  readonly isSlow?: boolean;
  /** The work grows with the request, or with what it finds: each command of Redis has its time, and the answer has none. */
  readonly isLong?: boolean;
  /** Not part of the API document. */
  readonly isHidden?: boolean;
  handler(door: Door, call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer> | Answer;
}

/** A route whose types are erased. */
export type Route = RouteSpec<z.ZodType, z.ZodType, z.ZodType>;

/** Declares a route. Its handler gets the types of its schemas. */
export function defineRoute<
  P extends z.ZodType = z.ZodUnknown,
  Q extends z.ZodType = z.ZodUnknown,
  B extends z.ZodType = z.ZodUnknown,
>(spec: RouteSpec<P, Q, B>): Route {
  // The registration gives each handler what its own schemas have checked.
  return spec as unknown as Route;
}
