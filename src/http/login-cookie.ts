import type { IncomingHttpHeaders } from 'node:http';

/** The cookie of a login. Scripts of a page cannot read it, and no other site can send it. */
export const LOGIN_COOKIE = 'gwm_login';
/** The header that tells the page of this server from other sites. */
export const PAGE_TOKEN_HEADER = 'x-page-token';

const TOKEN = new RegExp(`(?:^|;\\s*)${LOGIN_COOKIE}=([\\w.-]{1,100})(?=\\s*(?:;|$))`);

export function loginTokenIn({ cookie }: IncomingHttpHeaders): string | undefined {
  return TOKEN.exec(cookie ?? '')?.[1];
}

/**
 * The value of `Set-Cookie`.
 * @param token null ends the cookie.
 * @param path of the API as the browser sees it. The page and the board need no cookie.
 * @param origin of the page, from the browser: behind a proxy it alone knows of https.
 */
export function loginCookie(token: string | null, path: string, origin: string | undefined): string {
  const parts = [`${LOGIN_COOKIE}=${token ?? ''}`, `Path=${path}`, 'HttpOnly', 'SameSite=Strict'];
  if (origin?.startsWith('https://')) parts.push('Secure');
  if (token === null) parts.push('Max-Age=0');
  return parts.join('; ');
}
