import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { textOf } from '../../../../core/shapes.ts';
import { attachmentOf, downloadUrlOf, uploadUrlOf } from '../attachments.ts';
import { generateUrlError, notice, type Refusal, response } from '../frames.ts';
import { fileProblem } from '../limits.ts';
import type { Attachment, Session } from '../model.ts';
import { sendFrame } from '../outbox.ts';
import { type ChannelState, deploymentOf } from '../state.ts';
import { type Action, sessionAction } from './action.ts';

const requestFields = {
  fileName: textOf({ min: 1 }),
  fileType: textOf({ min: 1 }),
  fileSize: z.int().min(0).exactOptional(),
  fileMd5: z.string().exactOptional(),
  attachmentId: textOf({ min: 1 }).exactOptional(),
  errorsAsJson: z.boolean().exactOptional(),
};

/** `onAttachment`: gives the URL for the upload of a file. */
export const onAttachment: Action = sessionAction(requestFields, (state, call) => {
  const { connection, session, tracingId, input } = call;
  const problem = requestProblem(state, call);
  if (problem !== undefined) {
    if (input.errorsAsJson !== true) return problem;
    const { urlErrorForm } = state.settings.attachments;
    return sendFrame(
      state,
      connection,
      generateUrlError(input.attachmentId, problem, tracingId, urlErrorForm),
    );
  }
  const nowMs = state.timeline.now();
  const { urlLifeSeconds, lifeSeconds, headers } = state.settings.attachments;
  const attachment: Attachment = {
    id: input.attachmentId ?? randomUUID(),
    fileName: input.fileName,
    fileType: input.fileType,
    fileSize: input.fileSize,
    fileMd5: input.fileMd5,
    requestedBy: connection,
    uploadKey: randomBytes(24).toString('hex'),
    downloadKey: randomBytes(24).toString('hex'),
    urlEndsAtMs: nowMs + urlLifeSeconds * 1000,
    endsAtMs: nowMs + lifeSeconds * 1000,
    state: 'waiting',
    bytes: Buffer.alloc(0),
  };
  session.attachments.set(attachment.id, attachment);
  for (const key of [attachment.uploadKey, attachment.downloadKey])
    state.files.set(key, { session, attachment });
  const body = {
    ...describe(attachment),
    url: uploadUrlOf(attachment),
    headers,
    ...(input.fileSize !== undefined && { fileSize: input.fileSize }),
  };
  sendFrame(state, connection, response('PresignedUrlResponse', body, tracingId));
});

/** `getAttachment`: gives a fresh URL to read a file. */
export const getAttachment: Action = sessionAction({ attachmentId: textOf({ min: 1 }) }, (state, call) => {
  const { connection, session, tracingId, input } = call;
  const found = attachmentOf(session, input.attachmentId);
  if ('code' in found) return found;
  const body = { ...describe(found), url: downloadUrlOf(found), headers: {}, fileSize: found.bytes.length };
  sendFrame(state, connection, response('PresignedUrlResponse', body, tracingId));
});

/** `deleteAttachment`: removes a file that no message has yet. */
export const deleteAttachment: Action = sessionAction({ attachmentId: textOf({ min: 1 }) }, (state, call) => {
  const { connection, session, tracingId, input } = call;
  const found = attachmentOf(session, input.attachmentId);
  if ('code' in found) return found;
  if (found.state === 'sent') return { code: 400, text: 'The attachment is part of a message.' };
  found.state = 'deleted';
  const body = { attachmentId: found.id };
  sendFrame(state, connection, notice('AttachmentDeletedResponse', body, tracingId));
});

function requestProblem(
  state: ChannelState,
  { session, input }: { readonly session: Session; readonly input: RequestInput },
): Refusal | undefined {
  if (session.state === 'read-only') {
    return { code: state.settings.errors.readOnlyCode, text: 'The session is read-only.' };
  }
  if (!deploymentOf(state, session)?.attachments) {
    return { code: 4000, text: 'Uploading files is not available for this deployment.' };
  }
  if (input.attachmentId !== undefined && session.attachments.has(input.attachmentId)) {
    return { code: 400, text: 'The attachment exists already.' };
  }
  const { fileName, fileType, fileSize } = input;
  return fileProblem(state.settings, { fileName, fileType, fileSize });
}

type RequestInput = z.infer<z.ZodObject<typeof requestFields>>;

function describe({ id, fileName, fileType }: Attachment) {
  return { attachmentId: id, fileName, fileType };
}
