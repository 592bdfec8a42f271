import { UNREADABLE_IN_FILE_NAME } from '../../core/characters.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import type { Budget } from '../policy/step-budget.ts';
import { dangerIn } from '../text/dangerous.ts';
import { readingOf } from '../text/reading.ts';

/** Media types of attachments (docs/guides.md#message-limits). */
export const ATTACHMENT_TYPES = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

/** 25 MiB (docs/guides.md#message-limits). */
export const MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024;

/** The extensions that a file of each media type may have. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'text', 'log', 'csv', 'md'],
};

/**
 * On some systems, a program runs files with these extensions or shows them as a page. `.com` is
 * missing, because many harmless names end in it.
 */
const EXECUTABLE = new Set(
  (
    'ace apk app appimage appref-ms asp aspx bas bat cgi chm cmd command cpl crt dll dmg docm dotm exe gadget hlp hta ' +
    'htm html inf ins iso jar js jse jsp lnk msc msi msp mst php phtml pif pl ps1 ps2 psm1 py pyw rb reg rgs scf scr ' +
    'sct settingcontent-ms sh shb shs shtml svg swf sys url vb vbe vbs vxd ws wsc wsf wsh xhtml xlsm xltm'
  ).split(' '),
);

/**
 * These characters separate a path, name a stream, begin or end markup, or are invalid in a name on
 * some system.
 */
const FORBIDDEN = /[/\\<>:"|?*`\u2215\u2044\u29f8]/;

/**
 * Returns why a file may not have this name; undefined when it may. The reason does not quote the
 * name. The function checks the decoded name: without escapes and invisible characters, and with
 * full-width letters as ASCII.
 *
 * @param mediaType the media type of the file. The contract refuses an unknown one.
 */
export function fileNameIssue(
  name: string,
  mediaType: unknown,
  policy: ContentPolicy,
  budget?: Budget,
): string | undefined {
  const reading = readingOf(name);
  if (!reading) return 'expected a file name that is not encoded too many times';
  for (const read of [name, reading.text]) {
    const issue = charactersIssue(read) ?? policy.violation('text/plain', read, budget);
    if (issue !== undefined) return issue;
  }
  return dangerIn(name) ?? endingIssue(reading.text, mediaType);
}

function charactersIssue(name: string): string | undefined {
  if (UNREADABLE_IN_FILE_NAME.test(name)) {
    return 'expected a file name without control characters and changes of direction';
  }
  if (FORBIDDEN.test(name))
    return 'expected a file name without slashes, colons, quotes, brackets, "|", "?" and "*"';
  if (/^\s|[\s.]$/.test(name))
    return 'expected a file name without white space at its start or end, and without a dot at its end';
  return undefined;
}

function endingIssue(name: string, mediaType: unknown): string | undefined {
  const [, ...endings] = name.toLowerCase().split('.');
  const extension = endings.pop()?.trim();
  const wanted =
    typeof mediaType === 'string' && Object.hasOwn(EXTENSIONS, mediaType) ? EXTENSIONS[mediaType] : undefined;
  if (extension !== undefined && wanted && !wanted.includes(extension)) {
    return `expected a file name that fits ${mediaType}, which ends in ${wanted.map((end) => `.${end}`).join(' or ')}`;
  }
  if (![extension ?? '', ...endings].some((end) => EXECUTABLE.has(end.trim()))) return undefined;
  return 'expected a file name without the extension of a program, such as .exe, in it';
}
