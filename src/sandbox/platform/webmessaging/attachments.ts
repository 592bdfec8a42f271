import type { Refusal } from './frames.ts';
import type { Attachment, Session } from './model.ts';
import { mediaTypeOf } from './script.ts';
import type { ChannelState } from './state.ts';

/** The paths of files on this server. The key in the query is the signature of the URL. */
export const UPLOAD_PATH = '/webmessaging/uploads';
export const DOWNLOAD_PATH = '/webmessaging/files';

const NOT_FOUND: Refusal = { code: 4009, text: 'Attachment not found.' };

/** A file of the session, or why the client cannot have it. */
export function attachmentOf(session: Session, id: string): Attachment | Refusal {
  const attachment = session.attachments.get(id);
  return attachment === undefined || attachment.state === 'deleted' ? NOT_FOUND : attachment;
}

/** Why a message cannot have this file, or undefined. */
export function attachmentProblem(
  { timeline }: ChannelState,
  session: Session,
  id: string,
): Refusal | undefined {
  const found = attachmentOf(session, id);
  if ('code' in found) return found;
  const nowMs = timeline.now();
  const isLate = found.state === 'waiting' ? nowMs >= found.urlEndsAtMs : nowMs >= found.endsAtMs;
  if (isLate) return { code: 4008, text: 'Attachment expired.' };
  if (found.state === 'uploaded' || found.state === 'sent') return undefined;
  return { code: 4010, text: 'Attachment has not been successfully uploaded.' };
}

/** A file as a message shows it. */
export function attachmentContent(session: Session, id: string): unknown {
  const attachment = session.attachments.get(id);
  if (attachment === undefined) throw new Error(`no attachment ${id}`);
  const { fileName, fileType, bytes } = attachment;
  return {
    contentType: 'Attachment',
    attachment: {
      id,
      filename: fileName,
      fileSize: bytes.length,
      mediaType: mediaTypeOf(fileType),
      mime: fileType,
      url: downloadUrlOf(attachment),
    },
  };
}

export function uploadUrlOf({ id, requestedBy, uploadKey }: Attachment): string {
  return `http://${requestedBy.host}${UPLOAD_PATH}/${encodeURIComponent(id)}?key=${uploadKey}`;
}

export function downloadUrlOf({ id, requestedBy, downloadKey }: Attachment): string {
  return `http://${requestedBy.host}${DOWNLOAD_PATH}/${encodeURIComponent(id)}?key=${downloadKey}`;
}
