import type { JobKind } from '../../../jobs/catalog.ts';
import type { Route } from '../../../jobs/routes.ts';
import type { Operation } from '../../operation.ts';

/** The operations that the jobs of a kind call, on one route where the kind has routes. */
export interface KindNeeds {
  readonly kind: JobKind;
  readonly route?: Route;
  readonly operations: readonly Pick<Operation<never, unknown>, 'name' | 'permissions'>[];
}

/** Every kind of the dialect `platform`, with the operations of each route. */
export const NEEDS: readonly KindNeeds[] = [];
