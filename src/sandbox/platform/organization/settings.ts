import { z } from 'zod';

/** Settings of what the organization says about itself. */
export const organizationSettings = z.strictObject({
  /** The domain of the region, such as `mypurecloud.de`. The snippet of a deployment names it. */
  domain: z.string().min(1).default('sandbox.invalid'),
  /** The name of the region in a snippet. */
  environment: z.string().min(1).default('sandbox'),
  /** Limits by namespace and key, beside those that follow from the other settings. */
  limits: z.record(z.string(), z.record(z.string(), z.int().min(0))).default({}),
});
