import { ROUTES } from './routes/all.ts';

const PATTERNS = [...Map.groupBy(ROUTES, ({ url }) => url)].map(([url, routes]) => ({
  pattern: new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`),
  methods: routes.map(({ method }) => method),
}));

/** The methods that an address of the API takes; none for an address that the API does not have. */
export function allowedMethods(url: string): string[] {
  const [path = ''] = url.split('?', 1);
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
  return [...new Set(methods)];
}
