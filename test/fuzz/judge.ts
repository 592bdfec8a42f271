import { PROBLEM_TYPE } from '../../src/http/problem.ts';
import type { FuzzRequest } from './requests.ts';
import { CANARY } from './values.ts';
import type { Outcome, WireAnswer } from './wire.ts';

/** What is wrong with an outcome, in our words; empty when all is well. */
export function faultsOf(request: FuzzRequest, { answers, end, rest }: Outcome): string[] {
  const faults = answers.flatMap((answer) => faultsOfAnswer(request, answer));
  if (end === 'left' && request.patienceMs > 1000 && !isStream(answers.at(-1)))
    faults.push('no answer in time');
  // A server closes the tunnel that it does not open.
  const isExcused = request.method === 'CONNECT';
  if (end === 'closed' && answers.length === 0 && !isExcused) faults.push('closed without an answer');
  // What the server cannot parse has an answer with a body, also when it was a HEAD. So has a request
  // behind a HEAD.
  const isAnswerToHead = request.method === 'HEAD';
  if (end !== 'left' && rest.length > 0 && !isAnswerToHead)
    faults.push(`bytes that are no answer: ${rest.toString('latin1').slice(0, 200)}`);
  return faults;
}

function isStream(answer: WireAnswer | undefined): boolean {
  return answer?.headers.get('content-type') === 'text/event-stream';
}

function faultsOfAnswer({ method, parts }: FuzzRequest, answer: WireAnswer): string[] {
  const { status, headers, body, raw } = answer;
  const type = headers.get('content-type') ?? '';
  if (Number.isNaN(status)) return ['an answer without a status'];
  if (status < 400)
    return type.includes('ndjson') && body.includes(CANARY) ? [`quotes a value: ${near(body)}`] : [];
  const faults: string[] = [];
  if (raw.includes(CANARY)) faults.push(`quotes a value: ${near(raw)}`);
  // An answer to HEAD has no body to look at.
  if (method === 'HEAD' && body.length === 0) return status >= 500 ? [...faults, `status ${status}`] : faults;
  const said = parsed(body);
  if (isOfBoard(targetIn(parts)) && typeof said?.['error'] === 'string') return faults;
  if (type !== PROBLEM_TYPE) faults.push(`status ${status} with ${type || 'no type'}: ${shown(body)}`);
  else if (!isProblem(said, status)) faults.push(`no problem document: ${shown(body)}`);
  // Redis works here, and no run takes it away: there is no reason for 503.
  if (status >= 500) faults.push(`status ${status}`);
  return faults;
}

/** Some framings change the address. */
function targetIn(parts: readonly Buffer[]): string {
  const first = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts.slice(0, 300));
  return first.toString('latin1', 0, 2000).split(' ', 2)[1] ?? '';
}

/** The board has errors of a form of its own. */
function isOfBoard(path: string): boolean {
  return /^\/board/.test(path);
}

function isProblem(said: Record<string, unknown> | undefined, status: number): boolean {
  return (
    said?.['status'] === status &&
    /^\/errors\/[A-Z_]+$/.test(String(said['type'])) &&
    said['type'] === `/errors/${said['code']}` &&
    typeof said['title'] === 'string'
  );
}

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function near(bytes: Buffer): string {
  const at = bytes.indexOf(CANARY);
  return bytes.toString('utf8', Math.max(0, at - 120), at + 80);
}

function shown(body: Buffer): string {
  return body.toString('utf8', 0, 200);
}
