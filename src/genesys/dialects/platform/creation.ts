import type { Tree } from '../../../content/json/tree.ts';
import type { Operation, Permissions } from '../../operation.ts';
import { idIn } from '../../read-answer.ts';

/** The id of what was created; null if the answer has none. */
export interface Created {
  readonly id: string | null;
}

/** An operation that creates an entity from its fields. */
export function creation(
  name: string,
  path: string,
  permissions: Permissions,
): Operation<{ readonly fields: Tree }, Created> {
  return {
    name,
    method: 'POST',
    permissions,
    reportsReasons: true,
    path: () => path,
    body: ({ fields }) => fields,
    read: (answer) => ({ id: idIn(answer) }),
  };
}
