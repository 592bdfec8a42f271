import type { Dialect } from '../dialect.ts';

/** How the platform API is called (docs/platform.md). Its operations are in the files beside this one. */
export const platform: Dialect = {
  login: {
    // The roles of the client say what a token may do.
    scopes: [],
    credentials: 'basic',
    // Each client has its own life of tokens, so the answer must say it.
    usualLifeMs: null,
  },
  maxBodyBytes: 512_000,
  jobHeaders: () => ({}),
};
