import { z } from 'zod';
import type { JobResult } from '../core/outcome.ts';
import type { Notice } from './event.ts';

/** The fields of a job that names a CMS for its embed code. */
const requestShape = z.looseObject({ tenantId: z.string(), cms: z.looseObject({ url: z.string() }) });

/** The fields of the job's result. */
const resultShape = z.looseObject({ widgetId: z.string(), scriptTag: z.string(), generatedAt: z.string() });

/**
 * Makes the post of an embed code to the CMS that the job names (docs/guides.md#post-to-a-cms).
 * Returns undefined if the job names no CMS. The post is a job of its own: if it fails, the embed
 * code stays in the result of the first job.
 */
export function cmsPostFor(jobId: string, payload: object, result: JobResult): Notice | undefined {
  const [asked, embed] = [requestShape.safeParse(payload), resultShape.safeParse(result)];
  if (!asked.success || !embed.success) return undefined;
  const postId = `cms-${jobId}`;
  return {
    jobId: postId,
    delivery: {
      tenantId: asked.data.tenantId,
      purpose: 'cms',
      url: asked.data.cms.url,
      messageId: postId,
      record: {
        widget_id: embed.data.widgetId,
        embed_code: embed.data.scriptTag,
        generated_at: embed.data.generatedAt,
      },
    },
  };
}
