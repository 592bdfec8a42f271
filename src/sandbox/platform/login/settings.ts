import { z } from 'zod';

/** Settings of the login host, for clients of the platform. */
export const loginSettings = z.strictObject({
  /**
   * `expires_in` of a client without a lifetime of its own. The platform has 86,400 s as default
   * and allows 300 to 172,800 s. The sandbox allows less, so that a test can wait for the end.
   */
  expiresInSeconds: z.int().min(1).max(172_800).default(86_400),
  /**
   * The number of tokens that a client gets in a minute. One more is refused with 400 and
   * `rate limit exceeded`. Null: any number. The real number is not published.
   */
  tokensPerMinute: z.int().min(0).nullable().default(null),
  /**
   * Clients, by id, whose tokens count as tokens of a user. Operations for clients alone refuse
   * them with `not.a.client`. It is a means to cause that error.
   */
  userClients: z.array(z.string()).default([]),
});
