import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { DOWNLOAD_PATH, downloadUrlOf, UPLOAD_PATH } from '../attachments.ts';
import { notice, type Refusal } from '../frames.ts';
import { sizeProblem } from '../limits.ts';
import type { Attachment } from '../model.ts';
import { sendFrame } from '../outbox.ts';
import { fanOut } from '../sessions.ts';
import type { ChannelState, StoredFile } from '../state.ts';

/** More than any file that the settings allow by default, so that a file can be too large. */
const MAX_UPLOAD_BYTES = 32 * 1024 * 1024;

interface FileRequest {
  Querystring: { key?: string };
}

/** The storage behind presigned URLs. What the bytes are worth is said on the socket. */
export function mountUploads(scope: FastifyInstance, state: ChannelState): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MAX_UPLOAD_BYTES },
    (_request, bytes, done) => done(null, bytes),
  );

  scope.put<FileRequest>(
    `${UPLOAD_PATH}/:attachmentId`,
    { bodyLimit: MAX_UPLOAD_BYTES },
    (request, reply) => {
      const file = state.files.get(request.query.key ?? '');
      if (file === undefined || file.attachment.uploadKey !== request.query.key)
        return reply.code(403).send();
      if (!mayUpload(state, file.attachment, request.headers)) return reply.code(403).send();
      keep(state, file, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      return reply.code(200).send();
    },
  );

  scope.get<FileRequest>(`${DOWNLOAD_PATH}/:attachmentId`, (request, reply) => {
    const file = state.files.get(request.query.key ?? '');
    if (file?.attachment.downloadKey !== request.query.key || file === undefined)
      return reply.code(403).send();
    if (file.attachment.state === 'deleted') return reply.code(404).send();
    return reply.type(file.attachment.fileType).send(file.attachment.bytes);
  });
}

/** A presigned URL is valid for a while, and only with the headers that were signed. */
function mayUpload(
  { settings, timeline }: ChannelState,
  attachment: Attachment,
  headers: IncomingHttpHeaders,
): boolean {
  if (attachment.state === 'deleted' || timeline.now() >= attachment.urlEndsAtMs) return false;
  return Object.entries(settings.attachments.headers).every(
    ([name, value]) => headers[name.toLowerCase()] === value,
  );
}

function keep(state: ChannelState, { session, attachment }: StoredFile, bytes: Buffer): void {
  const effect = state.faults.take('upload', session.token);
  const failure =
    effect?.kind === 'fail-upload'
      ? { code: effect.code, text: 'The sandbox was asked to refuse this file.' }
      : problemOf(state, attachment, bytes);
  attachment.bytes = bytes;
  attachment.state = failure === undefined ? 'uploaded' : 'failed';
  const { eventDelayMs, eventTo } = state.settings.attachments;
  const timestamp = new Date(state.timeline.now()).toISOString();
  const frame =
    failure === undefined
      ? notice('UploadSuccessEvent', {
          attachmentId: attachment.id,
          downloadUrl: downloadUrlOf(attachment),
          timestamp,
        })
      : notice('UploadFailureEvent', {
          attachmentId: attachment.id,
          errorCode: failure.code,
          errorMessage: failure.text,
          timestamp,
        });
  state.timeline.after(eventDelayMs, () => {
    if (eventTo === 'session') fanOut(state, session, frame);
    else if (attachment.requestedBy.session === session) sendFrame(state, attachment.requestedBy, frame);
  });
}

function problemOf(
  { settings }: ChannelState,
  { fileSize, fileMd5 }: Attachment,
  bytes: Buffer,
): Refusal | undefined {
  const problem = sizeProblem(settings.media, bytes.length);
  if (problem !== undefined) return problem;
  const hasSize = fileSize === undefined || fileSize === bytes.length;
  const hasSum = fileMd5 === undefined || sumsOf(bytes).includes(fileMd5);
  return hasSize && hasSum ? undefined : { code: 4003, text: 'File content is not the announced one.' };
}

/** Both ways to write the sum. */
function sumsOf(bytes: Buffer): string[] {
  const sum = createHash('md5').update(bytes).digest();
  return [sum.toString('hex'), sum.toString('base64')];
}
