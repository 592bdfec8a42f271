import {
  describeSize,
  type EmbedPayload,
  MAX_PAYLOAD_BYTES,
  measurePayload,
} from '../src/content/embed/embed-code.ts';
import { CodedError } from '../src/core/errors.ts';

/**
 * The bytes of a payload as JSON.
 * @throws {CodedError} EMBED_TOO_LARGE. Its status reports to the bucket that Genesys Cloud answered.
 */
export function checkedSize(payload: EmbedPayload): number {
  const size = measurePayload(payload);
  if (size.bytes <= MAX_PAYLOAD_BYTES) return size.bytes;
  const message = `the payload may have ${MAX_PAYLOAD_BYTES} bytes of JSON, and has ${describeSize(size)}`;
  throw new CodedError('EMBED_TOO_LARGE', message, { status: 200 });
}
