import { z } from 'zod';
import { enforcedLimits } from './limits.ts';

/** Settings of what the organization says about itself. */
export const organizationSettings = z.strictObject({
  /** The domain of the region, such as `mypurecloud.de`. The snippet of a deployment names it. */
  domain: z.string().min(1).default('sandbox.invalid'),
  /** The name of the region in a snippet. */
  environment: z.string().min(1).default('sandbox'),
  /**
   * Limits by namespace and key that the sandbox shows and does not enforce. One that it enforces is
   * refused here: its own setting says it.
   */
  limits: z
    .record(z.string(), z.record(z.string(), z.int().min(0)))
    .superRefine(refuseEnforced)
    .default({}),
});

function refuseEnforced(
  limits: Readonly<Record<string, Readonly<Record<string, number>>>>,
  context: z.RefinementCtx,
): void {
  for (const { namespace, key, setting } of enforcedLimits) {
    const value = limits[namespace]?.[key];
    if (value === undefined) continue;
    const message = `the setting ${setting} instead`;
    context.addIssue({ code: 'custom', path: [namespace, key], input: value, message });
  }
}
