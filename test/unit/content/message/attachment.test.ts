import { describe, expect, test } from 'vitest';
import { fileNameIssue } from '../../../../src/content/message/attachment.ts';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';

const policy = createContentPolicy(['secret']);
const issueOf = (name: string, mediaType = 'image/png') => fileNameIssue(name, mediaType, policy);

describe('a file may be called', () => {
  test.for([
    ['receipt.png', 'image/png'],
    ['RECEIPT.PNG', 'image/png'],
    ['photo.JPG', 'image/jpeg'],
    ['photo.jpeg', 'image/jpeg'],
    ['Contract of 2026-03-01 (final, v1.2).pdf', 'application/pdf'],
    ["O'Brien & Sons 100%.pdf", 'application/pdf'],
    ['Überweisung_漢字_😀.txt', 'text/plain'],
    ['www.acme.example.com.png', 'image/png'],
    ['חשבונית\u200f 12\u200e.pdf', 'application/pdf'],
    ['فاتورة\u061c 12.pdf', 'application/pdf'],
    ['Bildschirmfoto um 10.00.00\u202fAM.png', 'image/png'],
    ['👩‍👩‍👧 ❤️.png', 'image/png'],
    ['receipt', 'image/png'],
    ['.png', 'image/png'],
  ] as const)('%s as %s', ([name, mediaType]) => {
    expect(issueOf(name, mediaType)).toBeUndefined();
  });
});

describe('a file may not be called', () => {
  test.for([
    ['malware.exe', /pattern|fits/],
    ['setup.exe', /fits image\/png, which ends in \.png/],
    ['photo.jpg', /fits/],
    ['photo.png.exe', /fits/],
    ['invoice.exe.png', /extension of a program/],
    ['invoice.EXE .png', /extension of a program/],
    ['page.html.png', /extension of a program/],
    ['shell.php.png', /extension of a program/],
    ['x.svg', /fits/],
    ['invoice.ｅｘｅ.png', /extension of a program/],
    ['invoice․exe․png', /extension of a program/],
    ['invoice%2eexe%2epng', /extension of a program/],
    ['invoice.e\u200dxe.png', /extension of a program/],
    ['photo.exe%00.png', /control|extension/],
    ['gpj.\u202etxt', /changes of direction/],
    ['gpj.\u2067exe\u2069.png', /changes of direction/],
    ['a\u200e.e\u200fxe.png', /extension of a program/],
    ['a\u2028b.png', /control/],
    ['a\0.png', /control/],
    ['../a.png', /slashes/],
    ['..%2fa.png', /slashes/],
    ['a\\b.png', /slashes/],
    ['a∕b.png', /slashes/],
    ['a.png:evil.exe', /colons/],
    ['"><img src=x onerror=alert(1)>.png', /brackets/],
    ['&lt;img&gt;.png', /brackets/],
    ["' onmouseover=alert(1) x='.png", /event|pattern/],
    ['a.png ', /white space/],
    [' a.png', /white space/],
    ['a.png.', /dot/],
    ['..', /dot/],
    ['top-secret.png', /blocked by the pattern "secret"/],
    ['top-s\u00adecret.png', /blocked by the pattern "secret"/],
    ['blocked_keyword.png', /blocked by the pattern/],
  ] as const)('%j', ([name, reason]) => {
    expect(issueOf(name)).toMatch(reason);
  });
});
