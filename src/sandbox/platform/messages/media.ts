import { randomUUID } from 'node:crypto';
import type { SettingsHolder } from '../settings.ts';

/** The bytes of an upload, without the bytes: their length, their sum and their type. */
export class UploadedBytes {
  readonly lengthBytes: number;
  readonly md5Base64: string;
  readonly contentType: string;

  constructor(lengthBytes: number, md5Base64: string, contentType: string) {
    this.lengthBytes = lengthBytes;
    this.md5Base64 = md5Base64;
    this.contentType = contentType;
  }
}

/** A file for a message of an agent, from the request for an address to its use. */
export interface Media {
  readonly id: string;
  readonly tenant: string;
  readonly conversationId: string;
  readonly communicationId: string;
  readonly name: string;
  readonly contentLengthBytes: number;
  readonly contentMd5: string | undefined;
  /** The last part of the address for the upload. Nothing else protects it. */
  readonly uploadKey: string;
  /** Null until the bytes are there. */
  uploaded: { readonly bytes: UploadedBytes; readonly atMs: number } | null;
}

/** The state of a file as a client sees it. */
export type MediaStatus = 'uploading' | 'valid' | 'invalid';

/** The parts of a file that its request gives. */
export type NewMedia = Pick<
  Media,
  'tenant' | 'conversationId' | 'communicationId' | 'name' | 'contentLengthBytes' | 'contentMd5'
>;

/** The files of all conversations. */
export interface MediaStore {
  request(media: NewMedia): Media;
  find(tenant: string, id: string): Media | undefined;
  ofUpload(uploadKey: string): Media | undefined;
  statusOf(media: Media, nowMs: number): MediaStatus;
}

/** The headers that an upload must repeat. */
export function uploadHeadersOf({ name, contentMd5, uploadKey }: Media): Record<string, string> {
  return {
    'Content-Type': contentTypeOf(name),
    'x-amz-tagging': `sandbox=${uploadKey.slice(0, 8)}`,
    ...(contentMd5 !== undefined && { 'Content-MD5': contentMd5 }),
  };
}

/** A store without files. */
export function createMediaStore(settings: SettingsHolder): MediaStore {
  const byId = new Map<string, Media>();
  const byUploadKey = new Map<string, Media>();

  return {
    request(parts) {
      const media: Media = { ...parts, id: randomUUID(), uploadKey: randomUUID(), uploaded: null };
      byId.set(media.id, media);
      byUploadKey.set(media.uploadKey, media);
      return media;
    },
    find(tenant, id) {
      const found = byId.get(id);
      return found?.tenant === tenant ? found : undefined;
    },
    ofUpload: (uploadKey) => byUploadKey.get(uploadKey),
    statusOf({ uploaded, name, contentLengthBytes }, nowMs) {
      const { mediaCheckMs, outboundMediaTypes } = settings.current.messages;
      if (uploaded === null || nowMs < uploaded.atMs + mediaCheckMs) return 'uploading';
      const isWhole = uploaded.bytes.lengthBytes === contentLengthBytes;
      return isWhole && outboundMediaTypes.includes(contentTypeOf(name)) ? 'valid' : 'invalid';
    },
  };
}

const contentTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
};

/** The type of a file, by the end of its name. */
export function contentTypeOf(name: string): string {
  const end = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return contentTypes[end] ?? 'application/octet-stream';
}
