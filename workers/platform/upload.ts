import { z } from 'zod';
import { type BackoffPolicy, exponential } from '../../src/core/backoff.ts';
import { CodedError } from '../../src/core/errors.ts';
import { type Snooze, snooze } from '../../src/core/outcome.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';
import type { Communication } from '../../src/genesys/dialects/platform/agent-message.ts';
import { readMedia, requestUpload } from '../../src/genesys/dialects/platform/media.ts';
import type { Files } from '../../src/outbound/fetch-file.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import { uploadRules } from '../../src/tenants/upload-rules.ts';
import { requestContext } from '../request-context.ts';
import type { OutgoingMessage } from './sender.ts';

export interface UploadOptions {
  readonly genesys: GenesysClient;
  readonly files: Files;
  /** The wait between two looks at a file. */
  readonly pollBackoff: BackoffPolicy;
}

/** The file of a job, from one run to the next. */
export const uploadProgress = {
  mediaId: z.string().optional(),
  /** False while a run uploads. If it stays false, that run has died. */
  isUploaded: z.boolean().optional(),
  /** Genesys Cloud has checked the file and takes it. */
  isValid: z.boolean().optional(),
  /** How often the job has looked at the file. */
  polls: z.number().optional(),
};

const progressSchema = z.object(uploadProgress);

export type UploadProgress = z.output<typeof progressSchema>;

type Uploader = (
  job: JobContext<unknown>,
  file: NonNullable<OutgoingMessage['file']>,
  communication: Communication,
  progress: UploadProgress,
) => Promise<{ readonly mediaId: string } | Snooze>;

/** Looks after which the job counts a failed attempt. */
const MAX_POLLS = 20;

/**
 * Brings a file to Genesys Cloud: fetches it, uploads it, and waits until it is checked. Between
 * two looks the job waits in its queue. A run that follows another one uploads nothing twice,
 * unless that one died before the upload was complete.
 */
export function createUploader({ genesys, files, pollBackoff }: UploadOptions): Uploader {
  return async function bring(job, file, communication, progress) {
    const { mediaId, isUploaded, isValid, polls = 0 } = progress;
    if (mediaId === undefined) return await upload(job, file, communication);
    if (isValid) return { mediaId };
    const status = await genesys.call(
      job.tenant,
      readMedia,
      { ...communication, mediaId },
      requestContext(job),
    );
    if (status === 'valid') return { mediaId };
    if (status === 'invalid') throw invalid();
    if (!isUploaded) return await upload(job, file, communication);
    if (polls >= MAX_POLLS) throw unchecked();
    await job.steps.save({ ...progress, polls: polls + 1 });
    return snooze(exponential(pollBackoff, polls + 1), 'media');
  };

  async function upload(
    job: JobContext<unknown>,
    file: NonNullable<OutgoingMessage['file']>,
    communication: Communication,
  ): Promise<Snooze> {
    const { tenant, signal, steps } = job;
    await files.use(tenant.receivers, file, signal, async (bytes) => {
      const wanted = { ...communication, fileName: file.fileName, sizeBytes: bytes.length };
      const {
        id: mediaId,
        url,
        headers,
      } = await genesys.call(tenant, requestUpload, wanted, requestContext(job));
      await steps.save({ mediaId, isUploaded: false });
      await files.put(uploadRules(tenant), { url, headers, bytes }, signal);
      await steps.save({ mediaId, isUploaded: true });
    });
    return snooze(exponential(pollBackoff, 1), 'media');
  }
}

function invalid(): CodedError {
  const message =
    'Genesys Cloud does not take a file of the message; compare its type and size with the supported content profile of the channel';
  return new CodedError('CONTENT_REFUSED', message);
}

function unchecked(): CodedError {
  const message = `Genesys Cloud has not checked a file of the message within ${MAX_POLLS} looks`;
  return new CodedError('ATTACHMENT_UNREACHABLE', message);
}
