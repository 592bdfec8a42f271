import type { OperationHandler } from '../requests/arrival.ts';
import type { Permission } from './organization/permissions.ts';
import type { PlatformWorld } from './world.ts';

/** One row of the table of operations of the platform. */
export interface PlatformOperation {
  /** Faults, counts and the log use it. */
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In the notation of the API documents: a parameter is `{name}`. */
  readonly path: string;
  /** The query parameters that the handler reads. It gets no others. */
  readonly query: readonly string[];
  readonly permissions: readonly Permission[];
  /** Whether the client needs all of the permissions, or any one of them. */
  readonly needs: 'all' | 'any';
  /** Whether an accepted request changes something that a job asked for. */
  readonly isDelivery: boolean;
  /** The conversation, or else the address, that a request is about. Null: not about one. */
  readonly conversationOf?: (body: unknown, params: Readonly<Record<string, string>>) => string | null;
  /** What makes two requests the same message. Null: nothing in the body. */
  readonly messageIdOf?: (body: unknown) => string | null;
  /** Creates the handler on an empty world. A reset calls it again. */
  create(world: PlatformWorld): OperationHandler;
}

type Row = Omit<
  PlatformOperation,
  'name' | 'method' | 'path' | 'query' | 'permissions' | 'needs' | 'isDelivery'
> &
  Partial<Pick<PlatformOperation, 'query' | 'permissions' | 'needs' | 'isDelivery'>>;

/** The query parameters of a list with page numbers. */
export const numberedPages: readonly string[] = ['pageSize', 'pageNumber'];

/** One row: its method and path as one text, and what differs from a read without parameters. */
export function row(name: string, request: string, rest: Row): PlatformOperation {
  const [method, path = ''] = request.split(' ');
  return {
    query: [],
    permissions: [],
    needs: 'all',
    isDelivery: false,
    ...rest,
    name,
    method: method as PlatformOperation['method'],
    path,
  };
}
