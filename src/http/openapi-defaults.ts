/** A schema of the API document, with the fields that hold other schemas. */
interface Schema {
  default?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/**
 * Moves the defaults of a schema into its descriptions. Generators such as openapi-typescript make a
 * field with a default a required one, and then every caller would have to send it.
 */
export function describeDefaults(schema: Schema): void {
  if (schema.default !== undefined) {
    const sentence = `Default: \`${JSON.stringify(schema.default)}\`.`;
    schema.description = [schema.description, sentence].filter(Boolean).join(' ');
    delete schema.default;
  }
  for (const inner of schemasWithin(schema)) describeDefaults(inner);
}

function schemasWithin(schema: Schema): Schema[] {
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  const others = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  return [...Object.values(properties), ...(items ? [items] : []), ...others, ...anyOf, ...oneOf, ...allOf];
}
