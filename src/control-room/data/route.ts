import { useEffect, useState } from 'preact/hooks';

/** Where the page is. It stands behind `#`, which a browser sends to no server. */
export interface Place {
  /** Such as `['tenants', 'acme']`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** The address of a place in the page, for links. */
export function linkTo(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(set as [string, string][]).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

export function goTo(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): void {
  location.hash = linkTo(path, query);
}

export function placeIn(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parts = path === '' ? [] : path.split('/').map(decoded);
  return { path: parts, query: new URLSearchParams(query) };
}

export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeIn(location.hash));
  useEffect(() => {
    const look = () => setPlace(placeIn(location.hash));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return place;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
