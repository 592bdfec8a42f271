import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seen } from '../../../../src/content/fields/declarations.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../../../src/jobs/catalog.ts';
import { shownData, shownResult } from '../../../../src/jobs/shown/job.ts';
import { RESULTS } from '../../../support/results.ts';
import { maskingIssues } from '../../../support/shown-fields.ts';

const shownPayload = (kind: JobKind) => (payload: unknown) =>
  (shownData(kind, { tenantId: 'acme', payload }) as { payload: unknown }).payload;

describe('the masking of jobs', () => {
  test.for([...JOB_KINDS])('knows every field of the contract, and shows no content: %s', (kind) => {
    expect(maskingIssues(CATALOG[kind].schema, shownPayload(kind))).toEqual([]);
  });

  test.for([...JOB_KINDS])('knows every field of the result, and shows no content: %s', (kind) => {
    expect(maskingIssues(RESULTS[kind], shownResult)).toEqual([]);
  });

  test('fails the test if it lacks a field, or shows content', () => {
    const planted = z.strictObject({
      tenantId: z.string(),
      guestId: seen.plainText(z.string()),
      callback: z.strictObject({ url: seen.link(z.string(), ['https']), secret: z.string() }),
      attachments: z.array(z.strictObject({ contentType: seen.fileName(z.string(), 'x') })),
      body: z.strictObject({ content: seen.checkedByKind('rich-text', z.string()) }),
    });

    expect(maskingIssues(planted, shownPayload('message-transmission'))).toEqual([
      'guestId: plain-text is shown',
      'callback.secret: unknown',
      'attachments.0.contentType: file-name is shown',
    ]);
  });
});
