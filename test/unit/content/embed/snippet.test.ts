import { describe, expect, test } from 'vitest';
import { MAX_SNIPPET_BYTES, readSnippet } from '../../../../src/content/embed/snippet.ts';
import { describeIssue } from '../../../../src/core/issues.ts';

const ID = '0b6f3a5e-8d1f-4a3c-9a52-0f6f3c0d4711';
const SRC = 'https://apps.mypurecloud.de/genesys-bootstrap/genesys.min.js';

/** A snippet as the admin console shows it. */
function snippet({ src = SRC, environment = 'prod-euc1', id = ID, open = '' } = {}) {
  return `<script type="text/javascript" charset="utf-8"${open}>
  (function (g, e, n, es, ys) {
    g['_genesysJs'] = e;
    g[e] = g[e] || function () {
      (g[e].q = g[e].q || []).push(arguments)
    };
    g[e].t = 1 * new Date();
    g[e].c = es;
    ys = document.createElement('script'); ys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);
  })(window, 'Genesys', '${src}', {
    environment: '${environment}',
    deploymentId: '${id}'
  });
</script>`;
}

const wanted = { deploymentId: ID, isHost: (host: string) => host === 'apps.mypurecloud.de' };
const read = (html: string) => readSnippet(html, wanted);

describe('the snippet of a deployment', () => {
  test('is read in any layout and with either quotes', () => {
    const expected = { snippet: { src: SRC, environment: 'prod-euc1', deploymentId: ID } };
    expect(read(snippet())).toEqual(expected);
    expect(read(`\n${snippet().replace(/\s*\n\s*/g, '')}\n`)).toEqual(expected);
    expect(read(snippet().replaceAll("'", '"'))).toEqual(expected);
    expect(read(snippet({ id: ID.toUpperCase() })).issues).toBeUndefined();
  });

  test.each<[string, string]>([
    ['is empty', ''],
    ['is no element', 'Genesys()'],
    ['has text behind it', `${snippet()}<img src=x onerror=alert(1)>`],
    ['has a second element', `${snippet()}<script>alert(1)</script>`],
    ['begins a second element in its code', snippet().replace('g[e].c', '</script><script>g[e].c')],
    ['has more code', snippet().replace('</script>', 'alert(1)</script>')],
    ['has code in a text', snippet({ environment: "x', y: alert(1), z: '" })],
    ['has a comment', snippet().replace('g[e].c', '/* */g[e].c')],
    ['hides a text behind an escape', snippet({ environment: 'pro\\x64' })],
    ['has a template in place of a text', snippet().replace(`'${ID}'`, `\`${ID}\``)],
    ['has a place of a text without a text', snippet().replace("'prod-euc1'", '{}')],
    ['has another function', snippet().replace('push(arguments)', 'push(eval(arguments))')],
    ['has another name', snippet().replace("'Genesys'", "'alert'")],
    ['makes another element', snippet().replace("createElement('script')", "createElement('iframe')")],
    ['loads by its own attribute', snippet({ open: ' src="https://evil.example/x.js"' })],
    ['has an event attribute', snippet({ open: ' onload="alert(1)"' })],
    ['has a script of another host', snippet({ src: SRC.replace('mypurecloud.de', 'evil.example') })],
    ['has a script with http', snippet({ src: SRC.replace('https', 'http') })],
    ['has a script on another port', snippet({ src: SRC.replace('.de/', '.de:8443/') })],
    ['has a script with another path', snippet({ src: SRC.replace('genesys.min', 'x') })],
    ['has a script with a query', snippet({ src: `${SRC}?x=1` })],
    ['has a user in its address', snippet({ src: SRC.replace('apps.', 'a@apps.') })],
    ['has an address that a parser mends', snippet({ src: SRC.replace('//', '/\t/') })],
    ['has another deployment', snippet({ id: ID.replace('0b6f', '0b6e') })],
    ['has no name of a region', snippet({ environment: '' })],
  ])('is refused if it %s', (_, html) => {
    const { issues = [] } = read(html) as { issues?: readonly { path: string; message: string }[] };
    expect(issues.map(describeIssue)).toEqual([expect.stringMatching(/^snippet(\.\w+)?: expected /)]);
  });

  test('is refused unread if it is long, and no issue quotes it', () => {
    const long = snippet({ environment: 'customer'.repeat(MAX_SNIPPET_BYTES / 8) });
    expect(read(long)).toEqual({
      issues: [{ path: 'snippet', message: expect.stringMatching(/^expected at most 4096 bytes, got \d+$/) }],
    });
    expect(JSON.stringify(read(snippet({ src: 'https://secret.example/x' })))).not.toContain('secret');
  });
});
