/** What differs between dialects besides their operations. */
export interface Dialect {
  readonly login: Login;
  /** Longest body of a request, bytes; null: no limit is known. */
  readonly maxBodyBytes: number | null;
  /** Headers of each request of a job. */
  jobHeaders(job: RequestOfJob): Readonly<Record<string, string>>;
}

/** What the headers of a request may say about its job. */
export interface RequestOfJob {
  readonly requestId: string;
  readonly sequence?: number | undefined;
}

/** How a worker asks the login host for a token. */
export interface Login {
  /** Scopes that each token is requested with; empty: the token has the roles of its client. */
  readonly scopes: readonly string[];
  /** Where the request has the credentials of the client. */
  readonly credentials: 'form' | 'basic';
  /** The life of a token if the answer does not say it, ms; null: such an answer is unreadable. */
  readonly usualLifeMs: number | null;
}
