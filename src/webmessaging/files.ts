import { randomUUID } from 'node:crypto';
import { CodedError } from '../core/errors.ts';
import type { Files } from '../outbound/fetch-file.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { uploadRules } from '../tenants/upload-rules.ts';
import type { Awaited } from './answers.ts';
import type { Connection } from './connection.ts';
import type { SessionFacts, Upload } from './frames.ts';

/** A file that a message refers to. */
export interface GuestFile {
  readonly url: string;
  readonly fileName: string;
  /** Its media type. */
  readonly contentType: string;
  readonly sizeBytes: number;
}

interface Way {
  readonly connection: Connection;
  readonly tenant: Tenant;
  readonly signal: AbortSignal;
}

/** Longest file if the session does not say it, in kilobytes of 1000 bytes. */
const USUAL_MAX_KB = 10_240;

/**
 * Uploads a file of a guest: asks for an address, puts the bytes there, and waits until the channel
 * has checked them.
 *
 * @param files fetches the bytes from the address of the producer, and puts them to that of Genesys Cloud
 * @returns the id of the attachment, for a message
 * @throws {CodedError} CONTENT_REFUSED if the session does not take such a file; see `Files`
 */
export async function uploadFile(
  file: GuestFile,
  { connection, tenant, signal }: Way,
  files: Files,
): Promise<string> {
  refuseIfNotAllowed(file, connection.session);
  return await files.use(tenant.receivers, file, signal, async (bytes) => {
    return await send(file, bytes, { connection, tenant, signal }, files);
  });
}

async function send(
  file: GuestFile,
  bytes: Uint8Array,
  { connection, tenant, signal }: Way,
  files: Files,
): Promise<string> {
  const attachmentId = randomUUID();
  const upload = await connection.ask(
    {
      action: 'onAttachment',
      attachmentId,
      fileName: file.fileName,
      fileType: file.contentType,
      fileSize: bytes.length,
      errorsAsJson: true,
    },
    addressOf(attachmentId),
    { signal },
  );
  // The event may come before the answer to the upload.
  const checked = connection.hear(uploaded(upload.attachmentId), { signal });
  checked.catch(() => {});
  // Exactly the headers that the address was signed for.
  const headers = { 'content-type': file.contentType, ...upload.headers };
  await files.put(uploadRules(tenant), { url: upload.url, headers, bytes }, signal);
  await checked;
  return upload.attachmentId;
}

function addressOf(attachmentId: string): Awaited<Upload> {
  return {
    attachmentId,
    take: (frame, tracingId) =>
      frame.kind === 'upload' && (frame.tracingId ?? tracingId) === tracingId ? frame.upload : undefined,
  };
}

function uploaded(attachmentId: string): Awaited<true> {
  return {
    attachmentId,
    take: (frame) => (frame.kind === 'uploaded' && frame.attachmentId === attachmentId ? true : undefined),
  };
}

/** What the session says about files, before any byte is read. */
function refuseIfNotAllowed(
  { fileName, contentType, sizeBytes }: GuestFile,
  { allowedMedia, blockedExtensions }: SessionFacts,
): void {
  const extension = /\.[^.]+$/.exec(fileName.toLowerCase())?.[0];
  if (extension === undefined) throw refusal('expected a file name with an extension');
  if (blockedExtensions.some((blocked) => blocked.toLowerCase() === extension)) {
    throw refusal(`the deployment blocks files that end in ${extension}`);
  }
  const { fileTypes, maxFileSizeKB = USUAL_MAX_KB } = allowedMedia.inbound;
  if (sizeBytes > maxFileSizeKB * 1000) {
    throw refusal(`the deployment allows files of at most ${maxFileSizeKB} kB`);
  }
  if (fileTypes.length > 0 && !fileTypes.some((allowed) => covers(allowed, contentType))) {
    throw refusal(`the deployment allows no files of the type ${contentType}`);
  }
}

function covers(allowed: string, type: string): boolean {
  const [major, minor] = allowed.toLowerCase().split('/');
  const [ownMajor, ownMinor] = type.toLowerCase().split('/');
  return (
    (major === '*' || major === ownMajor) && (minor === undefined || minor === '*' || minor === ownMinor)
  );
}

function refusal(reason: string): CodedError {
  return new CodedError('CONTENT_REFUSED', `attachment: ${reason}`);
}
