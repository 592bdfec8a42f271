import { CodedError } from '../core/errors.ts';
import { describeNetworkFailure, type Transport } from './transport.ts';

/** A file, and the address that Genesys Cloud gave for its upload. */
export interface Upload {
  readonly url: string;
  /** Headers that the address needs, its content type among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Allows http://, for a sandbox. */
  readonly allowInsecureHttp: boolean;
}

/**
 * Uploads a file. The address is its only credential, so it is in no error.
 * @throws {CodedError} ATTACHMENT_UNREACHABLE: another address may work.
 */
export async function putFile(
  transport: Transport,
  { url, headers, bytes, allowInsecureHttp }: Upload,
  deadline: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  if (!allowInsecureHttp && URL.parse(url)?.protocol !== 'https:') {
    throw failed('its address is not https://');
  }
  const answer = await transport
    .send(url, { method: 'PUT', headers, content: bytes, deadline })
    .catch((error: unknown) => {
      throw failed(describeNetworkFailure(error, timeoutMs), error);
    });
  if (!answer.ok) throw failed(`the host for files answered ${answer.status}`);
}

/** Without the status of the answer: it says nothing about the API. */
function failed(reason: string, cause?: unknown): CodedError {
  const message = `a file of the message was not uploaded: ${reason}`;
  return new CodedError('ATTACHMENT_UNREACHABLE', message, { cause });
}
