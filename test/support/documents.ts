import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A text file of the project. Its path is relative to the root. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A place in a file that breaks a rule: `src/a.ts:12 …`. */
export type Finding = string;

const TEXT = /\.(?:ts|lua|md|sql|json|ndjson|ya?ml)$/;

/** Every text file in these folders, and every named file. */
export function readTexts(root: string, names: readonly string[]): TextFile[] {
  return names.flatMap((name) => {
    const path = join(root, name);
    if (TEXT.test(name)) return [{ path: name, text: readFileSync(path, 'utf8') }];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && TEXT.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }));
  });
}

/** The anchors of a Markdown page, built from its headings as GitHub does. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of withoutExamples(markdown).matchAll(/^#{1,6} +(.+)$/gm)) {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let times = 1; anchors.has(anchor); times++) anchor = `${slug}-${times}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Mentions such as `docs/guides.md#send-a-message` of a missing page or heading. */
export function brokenMentions(root: string, files: readonly TextFile[]): Finding[] {
  const mention = /\bdocs\/([\w-]+\.md)(?:#([\w-]+))?/g;
  return files.flatMap(({ path, text }) =>
    findAll(path, text, mention, ([, page = '', anchor]) => !exists(root, `docs/${page}`, anchor)),
  );
}

/** Links of Markdown pages to missing files or headings. */
export function brokenLinks(root: string, pages: readonly TextFile[]): Finding[] {
  const link = /\]\(([\w./-]*)(?:#([\w-]+))?\)/g;
  return pages.flatMap(({ path, text }) =>
    findAll(path, withoutExamples(text), link, ([, file = '', anchor]) => {
      const target = file === '' ? path : join(dirname(path), file);
      return !exists(root, target, anchor);
    }),
  );
}

/**
 * Files of the source that a page names as code, such as `src/core/clock.ts`, and that do not exist.
 * Pages link to no such file: the npm package has the pages without the source.
 */
export function missingFiles(root: string, pages: readonly TextFile[]): Finding[] {
  const file = /`((?:bench|examples|scripts|src|test|workers)\/[\w./-]+\.\w+)`/g;
  return pages.flatMap(({ path, text }) =>
    findAll(path, text, file, ([, name = '']) => !existsSync(join(root, name))),
  );
}

/** Every match of a pattern for which `isFinding` holds. */
export function findAll(
  path: string,
  text: string,
  pattern: RegExp,
  isFinding: (match: RegExpExecArray) => boolean = () => true,
): Finding[] {
  return [...text.matchAll(pattern)].filter(isFinding).map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return `${path}:${line} ${match[0]}`;
  });
}

function exists(root: string, path: string, anchor: string | undefined): boolean {
  const file = join(root, path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor);
}

/** Replaces code by blanks, because brackets and `#` in it are no Markdown. Keeps line numbers. */
function withoutExamples(markdown: string): string {
  return markdown
    .replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, (code) => (/[[\]()]/.test(code) ? '' : code));
}
