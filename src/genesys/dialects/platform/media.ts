import { z } from 'zod';
import type { Operation } from '../../operation.ts';
import { genesysId, readAnswer } from '../../read-answer.ts';
import { type Communication, communicationPath } from './agent-message.ts';
import { MESSAGE_CODES } from './sent.ts';

/** A file that a worker is about to upload. */
export interface NewMedia extends Communication {
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** Where the bytes of a file go. */
export interface MediaUpload {
  readonly id: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of a file after its upload. */
export type MediaStatus = 'uploading' | 'valid' | 'invalid';

const uploadSchema = z.looseObject({
  id: genesysId,
  uploadUrl: z.url(),
  uploadHeaders: z.record(z.string(), z.string()).default({}),
});
const mediaSchema = z.looseObject({ status: z.string() });

/**
 * Asks for an address to upload a file to (docs/platform.md#conversation). A file that no message
 * names reaches no guest, so the request may be sent again.
 */
export const requestUpload: Operation<NewMedia, MediaUpload> = {
  name: 'media.upload',
  method: 'POST',
  isQuery: true,
  permissions: {
    names: [
      'conversation:message:create',
      'conversation:webmessaging:create',
      'conversation:socialmedia:create',
    ],
    any: true,
  },
  codes: MESSAGE_CODES,
  path: (media) => `${communicationPath(media)}/media/uploads`,
  body: ({ fileName, sizeBytes }) => ({ fileName: uploadName(fileName), contentLengthBytes: sizeBytes }),
  read(answer) {
    const reading = { name: 'media.upload', shape: uploadSchema, code: 'ANSWER_MALFORMED' } as const;
    const { id, uploadUrl, uploadHeaders } = readAnswer(reading, answer);
    return { id, url: uploadUrl, headers: uploadHeaders };
  },
};

/** Reads what became of a file. */
export const readMedia: Operation<Communication & { mediaId: string }, MediaStatus> = {
  name: 'media.read',
  method: 'GET',
  permissions: { names: ['conversation:message:view', 'conversation:webmessaging:view'], any: true },
  codes: MESSAGE_CODES,
  path: (media) => `${communicationPath(media)}/media/${encodeURIComponent(media.mediaId)}`,
  body: () => undefined,
  read(answer) {
    const reading = { name: 'media.read', shape: mediaSchema, code: 'ANSWER_MALFORMED' } as const;
    const { status } = readAnswer(reading, answer);
    return status === 'valid' || status === 'invalid' ? status : 'uploading';
  },
};

/** A name without the characters that an upload may not have. */
function uploadName(fileName: string): string {
  return fileName.replace(/[\s\\{^}%`\]">[~<#|/]/g, '_').replace(/^\./, '_');
}
