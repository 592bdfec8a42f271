import type { Login } from '../../client/types.ts';
import { ApiError, act, get, keepPageToken, watchLogin } from './api.ts';
import { createStore } from './store.ts';

/** What the page knows of its login. */
export type LoginState =
  | { readonly is: 'unknown' }
  /** `reason` is for the person: why a login that was there is over. */
  | { readonly is: 'out'; readonly reason?: string | undefined }
  | { readonly is: 'away'; readonly error: ApiError }
  | { readonly is: 'in'; readonly login: Login };

export const loginState = createStore<LoginState>({ is: 'unknown' });

const RETRY_MS = 2000;

watchLogin(
  () => {
    if (loginState.get().is === 'in')
      loginState.set({ is: 'out', reason: 'The login has ended. Log in again.' });
  },
  () => void findLogin(),
);

/** Asks whether this browser is logged in. It asks again while the server or Redis is away. */
export async function findLogin(): Promise<void> {
  try {
    enter(await get<Login>('v1/login'));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      return loginState.set({ is: 'out' });
    }
    loginState.set({ is: 'away', error: asApiError(error) });
    setTimeout(() => void findLogin(), RETRY_MS);
  }
}

/** @throws {ApiError} */
export async function logIn(secret: string): Promise<void> {
  enter(await act<Login>('POST', 'v1/login', { secret }));
}

/** @throws {ApiError} */
export async function logOut(): Promise<void> {
  await act('DELETE', 'v1/login');
  keepPageToken(null);
  loginState.set({ is: 'out' });
}

/** Whether the key of the login has a scope. */
export function may(scope: Login['key']['scopes'][number]): boolean {
  const state = loginState.get();
  if (state.is !== 'in') return false;
  const { scopes } = state.login.key;
  return scopes.includes(scope) || scopes.includes('admin');
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ code: 'PAGE_FAILED', title: 'The page failed', status: 0, detail: String(error) });
}

function enter(login: Login): void {
  keepPageToken(login.pageToken);
  loginState.set({ is: 'in', login });
}
