import { pathTo } from '../../core/issues.ts';

/**
 * One value of a reading, and the way to it. Path and names are built on request only: with long
 * names, all paths together grow with the square of the input.
 */
export class JsonNode {
  readonly value: unknown;
  /** Its place in its holder: a key, or an index. The root has the path of the reading. */
  readonly step: string | number;
  /** The key of the field that it stands in. An item of a list has the key of the list. */
  readonly key: string;
  readonly parent: JsonNode | undefined;
  /** 1 for the root. */
  readonly depth: number;
  /** Characters of its names, and of a dot behind each. */
  readonly nameLength: number;

  constructor(step: string | number, value: unknown, parent?: JsonNode) {
    this.value = value;
    this.step = step;
    this.key = typeof step === 'string' ? step : (parent?.key ?? '');
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 1;
    this.nameLength = parent ? parent.nameLength + String(step).length + 1 : 0;
  }

  /** Keys and indices, from the root. */
  get names(): string[] {
    return this.parent ? [...this.parent.names, String(this.step)] : [];
  }

  /** As in issues: `components[0].text`. */
  get path(): string {
    return this.parent ? pathTo(this.parent.path, this.step) : String(this.step);
  }
}
