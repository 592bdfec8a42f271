import { z } from 'zod';
import { MAX_READ_BYTES } from '../../input/body.ts';

/** Settings of every request, of both dialects. */
export const requestSettings = z.strictObject({
  /** The longest body: `request.bytes.max` of the platform. The default is documented. */
  maxBodyBytes: z.int().min(1).max(MAX_READ_BYTES).default(512_000),
  /** The largest page of a list with page numbers. The real maximum is not published. */
  maxPageSize: z.int().min(1).default(500),
});

/** Settings of the rate limits of the API. */
export const rateSettings = z.strictObject({
  /**
   * How requests are counted. `fixed-window`: the first request opens a window, and the count
   * starts again after it. `gcra`: the count sinks evenly. The platform does not say which.
   */
  kind: z.enum(['fixed-window', 'gcra']).default('fixed-window'),
  /** Requests per window and token: `client.credentials.token.rate.per.minute` of the platform. */
  perToken: z.int().min(1).default(300),
  /** Requests per window and client: `org.app.user.rate.per.minute` of the platform. */
  perClient: z.int().min(1).default(3000),
  /** The platform counts per minute. A shorter window makes tests shorter. */
  windowSeconds: z.number().positive().max(3600).default(60),
  /** Whether a request that is refused with 403 counts. The platform does not say. */
  countsForbidden: z.boolean().default(true),
});
