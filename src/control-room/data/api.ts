/** The path of the server as this browser sees it, behind that of a proxy. */
const BASE = new URL('../../../', import.meta.url);

const TIMEOUT_MS = 30_000;

/** An error of the API: a problem document, or no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  constructor({ code, title, status, detail }: Problem) {
    super(title);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string | undefined;
  readonly errors?: readonly {
    readonly detail: string;
    readonly pointer?: string;
    readonly parameter?: string;
  }[];
}

export type Method = 'GET' | 'POST' | 'DELETE';
export type Query = Readonly<Record<string, string | undefined>>;

/** What the page says in the place of `PAGE_TOKEN_WRONG`, which is for programs. */
const OTHER_LOGIN = {
  title: 'Another tab of this browser has logged in',
  detail: 'This page now has that login. See its name at the top, and act again.',
};

/** The page token of the login. It is in memory alone, and a new page asks for it. */
let pageToken: string | null = null;
let onLoginEnded: () => void = () => {};
let onLoginChanged: () => void = () => {};

export function keepPageToken(token: string | null): void {
  pageToken = token;
}

/**
 * @param onEnd called when an answer says that the login is over.
 * @param onChange called when it says that this browser has another login, of another tab.
 */
export function watchLogin(onEnd: () => void, onChange: () => void): void {
  onLoginEnded = onEnd;
  onLoginChanged = onChange;
}

export function address(path: string, query: Query = {}): URL {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  return url;
}

/** @throws {ApiError} */
export async function get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  return (await answerTo('GET', address(path, query), undefined, signal)) as Answer;
}

/** Changes something. @throws {ApiError} */
export async function act<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  return (await answerTo(method, address(path), body)) as Answer;
}

/** The lines of an answer that takes long, each as soon as it is there. @throws {ApiError} */
export async function* actInSteps<Line>(
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  const response = await send('POST', address(path), body, signal);
  if (!response.body) return;
  let rest = '';
  for await (const text of textsOf(response.body)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
  }
}

async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    yield decoder.decode(part.value, { stream: true });
  }
}

async function answerTo(method: Method, url: URL, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await send(method, url, body, signal ? AbortSignal.any([signal, limit]) : limit);
  return response.status === 204 ? undefined : await response.json();
}

async function send(method: Method, url: URL, body: unknown, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && pageToken !== null) headers['x-page-token'] = pageToken;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal.aborted && !isTimeout(signal.reason)) throw error;
    throw new ApiError({ code: 'SERVER_SILENT', title: 'The server does not answer', status: 0 });
  }
  if (response.ok) return response;
  const problem = await problemIn(response);
  if (response.status === 401 && url.pathname !== address('v1/login').pathname) onLoginEnded();
  if (problem.code !== 'PAGE_TOKEN_WRONG') throw problem;
  onLoginChanged();
  throw new ApiError({ ...OTHER_LOGIN, code: problem.code, status: problem.status });
}

async function problemIn(response: Response): Promise<ApiError> {
  const { status } = response;
  try {
    const { code, title, detail, errors = [] } = (await response.json()) as Problem;
    const wrong = errors.map(({ detail: each, pointer, parameter }) =>
      `${pointer ?? parameter ?? ''} ${each}`.trim(),
    );
    const waitSeconds = response.headers.get('retry-after');
    const wait = status === 429 && waitSeconds !== null ? `Try again in ${waitSeconds} s.` : '';
    const said = [detail ?? wrong.join('; '), wait].filter((part) => part !== '').join(' ');
    return new ApiError({ code, title, status, detail: said || undefined });
  } catch {
    return new ApiError({ code: 'ANSWER_UNREADABLE', title: `The server answered with ${status}`, status });
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
