/** An input of each operation of the dialect `platform`, by its name, with a value for every field. */
export const operationInputs: Readonly<Record<string, unknown>> = {
  'token.read': undefined,
  'roles.read': undefined,
  'limits.read': { namespace: 'platform.api' },
};
