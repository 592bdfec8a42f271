import { z } from 'zod';
import type { JobResult } from '../core/outcome.ts';
import type { Notice } from './event.ts';

/** What a job was handed over with, where its embed code is to be posted. */
const wanted = z.looseObject({ tenantId: z.string(), cms: z.looseObject({ url: z.string() }) });

/** What it has made. */
const made = z.looseObject({ widgetId: z.string(), scriptTag: z.string(), generatedAt: z.string() });

/**
 * The post of an embed code to the CMS that its job names (docs/guides.md#post-to-a-cms); undefined
 * when it names none. Its failures are its own: the code is made, and stays with the job.
 */
export function cmsPostFor(jobId: string, payload: object, result: JobResult): Notice | undefined {
  const [asked, embed] = [wanted.safeParse(payload), made.safeParse(result)];
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
