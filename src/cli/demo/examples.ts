import { fileURLToPath } from 'node:url';

/** `examples/` of the package; one folder higher when the program runs from `dist/`. */
const FOLDER = new URL(
  import.meta.url.endsWith('.ts') ? '../../../examples/' : '../../../../examples/',
  import.meta.url,
);

/** The path of a file that the demo enqueues. */
export function exampleFile(name: string): string {
  return fileURLToPath(new URL(name, FOLDER));
}
