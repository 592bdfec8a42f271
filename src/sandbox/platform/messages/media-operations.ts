import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { agentConversation } from './agent-message.ts';
import { contentTypeOf, type Media, uploadHeadersOf } from './media.ts';

/** Documented: no white space and none of these, no dot at the start and no slash at the end. */
const FILE_NAME = /^(?!\.)[^\s\\{^}%`\]">[~<#|]+(?<!\/)$/;

const uploadSchema = z.strictObject({
  fileName: z.string().regex(FILE_NAME, 'has characters that are not allowed'),
  contentLengthBytes: z.int32().min(1),
  contentMd5: z.string().nullish(),
});

/** Gives the address to which the bytes of one file go. */
export function createMediaUploadRequest(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, body, arrival }) => {
    const conversation = agentConversation(world, tenant, params);
    if (conversation instanceof PlatformError) return conversation;
    const request = check(uploadSchema, body);
    if (request instanceof PlatformError) return request;
    if (request.contentLengthBytes > world.settings.current.messages.maxMediaBytes) {
      return new PlatformError(
        400,
        'media.too.large',
        'Media must comply with the size limits of the channel',
      );
    }
    const media = world.media.request({
      tenant,
      conversationId: conversation.id,
      communicationId: params['communicationId'] ?? '',
      name: request.fileName,
      contentLengthBytes: request.contentLengthBytes,
      contentMd5: request.contentMd5 ?? undefined,
    });
    return ok({
      id: media.id,
      name: media.name,
      uploadUrl: `http://${arrival.headers.host ?? 'localhost'}/sandbox-uploads/${media.uploadKey}`,
      uploadHeaders: uploadHeadersOf(media),
      selfUri: selfUriOf(media),
    });
  });
}

/** Reads what became of one file. */
export function createMediaRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const media = world.media.find(tenant, params['mediaId'] ?? '');
    const isOfPath =
      media?.conversationId === params['conversationId'] &&
      media?.communicationId === params['communicationId'];
    if (media === undefined || !isOfPath) return notFound();
    return ok({
      id: media.id,
      name: media.name,
      mediaType: contentTypeOf(media.name),
      contentLengthBytes: media.contentLengthBytes,
      status: world.media.statusOf(media, nowMs),
      conversationId: media.conversationId,
      communicationId: media.communicationId,
      selfUri: selfUriOf(media),
    });
  });
}

function selfUriOf({ conversationId, communicationId, id }: Media): string {
  const communication = `/api/v2/conversations/messages/${conversationId}/communications/${communicationId}`;
  return `${communication}/messages/media/${id}`;
}
