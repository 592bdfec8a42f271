/**
 * The page of the board as it is served: beneath the path that the browser sees, without the font that it would load from
 * another host, and without styles in the page, which the policy of its headers forbids. Its own style sheet names fonts of the
 * system behind that one.
 */
export function boardPage(html: string, basePath: string): string {
  return html
    .replace(/<base href="[^"]*"\s*\/?>/, `<base href="${basePath}/" />`)
    .replace(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/g, '')
    .replace(/<div id="root">[\s\S]*?<\/div>\s*(?=<script defer)/, '<div id="root"><p>Loading</p></div>\n');
}
