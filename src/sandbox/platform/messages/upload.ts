import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { UnreadableBody } from '../../input/body.ts';
import type { Answer, Arrival } from '../../requests/arrival.ts';
import type { Endpoint } from '../../requests/endpoint.ts';
import type { World } from '../../world.ts';
import { UPLOAD_OPERATION } from '../operations.ts';
import { UploadedBytes, uploadHeadersOf } from './media.ts';

/** The path of an upload, on the host for files. */
export const UPLOAD_PATH = '/sandbox-uploads/:uploadKey';

/** The platform allows 25 MB. One byte more reaches the check of the operation. */
const MAX_UPLOAD_BYTES = 26_214_401;

/** Makes a scope read any body, and keep its length and its sum alone. */
export function readUploads(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit: MAX_UPLOAD_BYTES };
  scope.addContentTypeParser('*', options, (request, body, done) => {
    const bytes = body as unknown as Buffer;
    const md5 = createHash('md5').update(bytes).digest('base64');
    done(null, new UploadedBytes(bytes.length, md5, request.headers['content-type'] ?? ''));
  });
}

/** Takes the bytes of a file. The address is the only credential, as with a presigned one. */
export function createUploadEndpoint(world: World): Endpoint {
  return {
    operation: UPLOAD_OPERATION,
    isDelivery: false,
    callerOf: () => ({}),
    conversationOf: () => null,
    errorAnswer: (_arrival, { status, message }) => fileHostAnswer(status, message),
    answer: (arrival) => upload(world, arrival),
  };
}

function upload(world: World, { params, headers, body }: Arrival): Answer {
  const media = world.platform.media.ofUpload(params['uploadKey'] ?? '');
  if (media === undefined) return fileHostAnswer(404, 'NoSuchKey');
  if (body instanceof UnreadableBody) return fileHostAnswer(body.status, body.reason);
  if (!(body instanceof UploadedBytes)) return fileHostAnswer(400, 'MissingBody');
  const wanted = Object.entries(uploadHeadersOf(media));
  const isSigned = wanted.every(([name, value]) => headers[name.toLowerCase()] === value);
  if (!isSigned) return fileHostAnswer(403, 'SignatureDoesNotMatch');
  if (media.contentMd5 !== undefined && media.contentMd5 !== body.md5Base64) {
    return fileHostAnswer(400, 'BadDigest');
  }
  media.uploaded = { bytes: body, atMs: world.now() };
  return { status: 200, body: undefined, hasRequestId: false };
}

/** The host for files answers in text, and not in the shape of the API. */
function fileHostAnswer(status: number, text: string): Answer {
  return { status, body: text, hasRequestId: false };
}
