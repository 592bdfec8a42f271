import { CodedError } from '../core/errors.ts';
import { isTargetRefused } from './target.ts';
import { describeNetworkFailure, type Transport } from './transport.ts';

/** A file, and the address that Genesys Cloud gave for its upload. */
export interface Upload {
  readonly url: string;
  /** Headers that the address needs, its content type among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Storage answers an upload with little more than a status. A worker reads nothing else. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Uploads a file. The address is its only credential, so it is in no error.
 * @param transport whose guard checks the address
 * @throws {CodedError} ATTACHMENT_REFUSED: workers may not call the address; ATTACHMENT_UNREACHABLE:
 *   another address may work.
 */
export async function putFile(
  transport: Transport,
  { url, headers, bytes }: Upload,
  deadline: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  const request = { method: 'PUT', headers, content: bytes, deadline, maxAnswerBytes: MAX_ANSWER_BYTES };
  const { ok, status } = await transport.send(url, request).catch((error: unknown) => {
    if (isTargetRefused(error)) throw refused(error);
    throw failed(describeNetworkFailure(error, timeoutMs), error);
  });
  if (!ok) throw failed(`the host for files answered ${status}`);
}

function refused(cause: unknown): CodedError {
  const message =
    'a file of the message was not uploaded: workers may not call the address that Genesys Cloud gave; expected a public address by https, or a host of the tenant';
  return new CodedError('ATTACHMENT_REFUSED', message, { cause });
}

/** Without the status of the answer: it says nothing about the API. */
function failed(reason: string, cause?: unknown): CodedError {
  const message = `a file of the message was not uploaded: ${reason}`;
  return new CodedError('ATTACHMENT_UNREACHABLE', message, { cause });
}
