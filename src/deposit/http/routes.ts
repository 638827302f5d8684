/** Methods and statuses of each address, below the authority's path. The OpenAPI document, the Allow header and the dispatch are made of it. */
export const ROUTES = {
  description: { path: '/deposit/openapi.json', methods: { GET: [200] } },
  deposit: { path: '/deposit/{deposit}', methods: { POST: [200, 201, 207, 400, 401, 403, 404, 408, 409, 413, 415, 422, 500, 503, 507], OPTIONS: [204, 401, 403, 404] } },
  file: { path: '/deposit/{deposit}/{filename}', methods: { PUT: [200, 201, 400, 401, 403, 404, 408, 409, 413, 415, 422, 500, 503, 507] } },
  upload: {
    path: '/deposit/{deposit}/uploads/{token}',
    methods: {
      GET: [200, 401, 403, 404], HEAD: [204, 401, 403, 404], DELETE: [204, 401, 403, 404],
      PATCH: [200, 201, 204, 400, 401, 403, 404, 408, 409, 413, 415, 422, 500, 503, 507],
    },
  },
  item: { path: '/deposit/{deposit}/items/{uid}', methods: { GET: [200, 401, 403, 404] } },
} as const satisfies Readonly<Record<string, { readonly path: string; readonly methods: Readonly<Record<string, readonly number[]>> }>>;

export type RouteName = keyof typeof ROUTES;

export interface Destination {
  readonly route: RouteName;
  readonly deposit: string;
  /** File name, token or uid, as it stands in the address. */
  readonly last: string;
}

/** Where an address below `/deposit` leads; undefined where nowhere. `rest` is what follows `/deposit`. */
export function destinationOf(rest: string): Destination | undefined {
  const [empty, deposit = '', second, third, ...more] = rest.split('/');
  if (empty !== '' || deposit === '' || more.length > 0) return undefined;
  if (second === undefined || (second === '' && third === undefined)) return deposit === 'openapi.json' ? { route: 'description', deposit: '', last: '' } : { route: 'deposit', deposit, last: '' };
  if (third === undefined) return { route: 'file', deposit, last: second };
  if (second === 'uploads') return { route: 'upload', deposit, last: third };
  return second === 'items' ? { route: 'item', deposit, last: third } : undefined;
}

export function allowed(route: RouteName): string[] {
  return Object.keys(ROUTES[route].methods);
}
