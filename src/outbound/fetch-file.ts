import pLimit from 'p-limit';
import { startDeadline } from '../core/deadline.ts';
import { CodedError } from '../core/errors.ts';
import type { Answer } from './answer.ts';
import { createGuardedTransports, type GuardedTransportsOptions } from './guarded-transports.ts';
import { putFile, type Upload } from './put-file.ts';
import { isTargetRefused, type TargetRules } from './target.ts';
import { describeNetworkFailure, type Transport } from './transport.ts';

/** A file that a job names by its address. */
export interface FileAddress {
  readonly url: string;
  /** The size that the job declares, bytes. A longer file is refused. */
  readonly sizeBytes: number;
}

/**
 * Fetches files that jobs name, and uploads them. Producers and Genesys Cloud chose the addresses, so a
 * guard checks each.
 */
export interface Files {
  /**
   * Fetches a file and hands it to `use`. A process holds a few files at the same time: the others
   * wait.
   *
   * @param rules the addresses that the tenant allows besides public ones.
   * @param signal ends the wait and the fetch.
   * @throws {CodedError} ATTACHMENT_REFUSED, ATTACHMENT_UNREACHABLE; and what `use` throws.
   */
  use<Result>(
    rules: TargetRules,
    file: FileAddress,
    signal: AbortSignal,
    use: (bytes: Uint8Array) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Uploads a file to an address that Genesys Cloud gave.
   *
   * @param rules the addresses that are allowed besides public ones.
   * @throws {CodedError} see `putFile`
   */
  put(rules: TargetRules, upload: Upload, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export type FilesOptions = Omit<GuardedTransportsOptions, 'maxAnswerBytes'>;

/** Files that a process holds at the same time. Each may have 25 MiB. */
const FILES_AT_A_TIME = 4;

export function createFiles(options: FilesOptions): Files {
  // Each request says itself how much it reads.
  const transports = createGuardedTransports({ ...options, maxAnswerBytes: 0 });
  const limit = pLimit(FILES_AT_A_TIME);
  const { requestTimeoutMs } = options;
  return {
    use: (rules, file, signal, use) =>
      limit(async () => {
        using deadline = startDeadline(requestTimeoutMs, signal);
        return await use(await fetchFile(transports.of(rules), file, deadline.signal, options));
      }),
    async put(rules, upload, signal) {
      using deadline = startDeadline(requestTimeoutMs, signal);
      await putFile(transports.of(rules), upload, deadline.signal, requestTimeoutMs);
    },
    close: () => transports.close(),
  };
}

async function fetchFile(
  transport: Transport,
  { url, sizeBytes }: FileAddress,
  deadline: AbortSignal,
  { requestTimeoutMs }: Pick<FilesOptions, 'requestTimeoutMs'>,
): Promise<Uint8Array> {
  let answer: Answer;
  try {
    answer = await transport.send(url, {
      method: 'GET',
      // Compressed, a small file may be longer than its declared size.
      headers: { 'accept-encoding': 'identity' },
      deadline,
      // An answer of as many bytes counts as cut.
      bytesUpTo: sizeBytes + 1,
    });
  } catch (error) {
    if (isTargetRefused(error)) throw refused('workers may not call its address');
    throw unreachable(describeNetworkFailure(error, requestTimeoutMs), error);
  }
  const { status, ok, ending, bytes } = answer;
  if (!ok) throw (isPassing(status) ? unreachable : refused)(describeStatus(status));
  if (ending === 'broken' || bytes === undefined) throw unreachable('the answer is incomplete');
  if (ending === 'cut') throw refused(`it is longer than its sizeBytes, ${sizeBytes}`);
  if (bytes.length === 0) throw refused('it is empty');
  return bytes;
}

/** Whether the same request may succeed later. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function describeStatus(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return `its host answered ${status}${isRedirect ? '; workers follow no redirect, so give the final address' : ''}`;
}

/** Without the status of the answer: it says nothing about Genesys Cloud. */
function refused(reason: string): CodedError {
  return new CodedError('ATTACHMENT_REFUSED', `a file of the message was not fetched: ${reason}`);
}

function unreachable(reason: string, cause?: unknown): CodedError {
  return new CodedError('ATTACHMENT_UNREACHABLE', `a file of the message was not fetched: ${reason}`, {
    cause,
  });
}
