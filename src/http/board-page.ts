/**
 * Returns the page of the board with three changes. Its links begin with the path that the browser
 * sees. It loads no font from another host; its style sheet falls back to a system font. It has no
 * inline styles, because the policy of its headers forbids them.
 */
export function boardPage(html: string, basePath: string): string {
  return html
    .replace(/<base href="[^"]*"\s*\/?>/, `<base href="${basePath}/" />`)
    .replace(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/g, '')
    .replace(/<div id="root">[\s\S]*?<\/div>\s*(?=<script defer)/, '<div id="root"><p>Loading</p></div>\n');
}
