/** What differs between dialects besides their operations. */
export interface Dialect {
  readonly login: Login;
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
