import type { Refusal } from './frames.ts';
import type { Settings } from './settings.ts';

/** Why a text is too long, or undefined. */
export function textProblem({ limits }: Settings, text: string): Refusal | undefined {
  const size = limits.textUnit === 'bytes' ? Buffer.byteLength(text) : [...text].length;
  if (size <= limits.text) return undefined;
  return {
    code: 4011,
    text: `Message text is too long: ${size} of at most ${limits.text} ${limits.textUnit}.`,
  };
}

/** Why custom attributes are too large, or undefined. */
export function attributesProblem(
  { limits }: Settings,
  attributes: Record<string, string>,
): Refusal | undefined {
  const counted =
    limits.attributesCounted === 'json'
      ? JSON.stringify(attributes)
      : Object.entries(attributes).flat().join('');
  const bytes = Buffer.byteLength(counted);
  if (bytes <= limits.attributesBytes) return undefined;
  const text = `Custom attributes in channel metadata are larger than ${limits.attributesBytes} bytes.`;
  return { code: 4013, text };
}

/** Why a file may not be sent, or undefined. @param fileSize undefined if the client does not say */
export function fileProblem(
  { limits, media }: Settings,
  { fileName, fileType, fileSize }: { fileName: string; fileType: string; fileSize: number | undefined },
): Refusal | undefined {
  if (fileName.length > limits.fileNameCharacters) return { code: 4005, text: 'File name is too long.' };
  const extension = /[^/\\]\.([^./\\]+)$/.exec(fileName)?.[1];
  if (extension === undefined) return { code: 4004, text: 'File name has no extension.' };
  const isBlocked = media.blockedExtensions.some(
    (each) => each.toLowerCase() === `.${extension.toLowerCase()}`,
  );
  if (isBlocked || !media.fileTypes.some((type) => covers(type, fileType))) {
    return { code: 4001, text: 'File type is not allowed.' };
  }
  return fileSize === undefined ? undefined : sizeProblem(media, fileSize);
}

/** Why a file of this size may not be sent, or undefined. A kilobyte has 1000 bytes here. */
export function sizeProblem({ maxFileSizeKB }: Settings['media'], bytes: number): Refusal | undefined {
  if (bytes === 0) return { code: 4102, text: 'File is empty.' };
  return bytes > maxFileSizeKB * 1000 ? { code: 4002, text: 'File is too large.' } : undefined;
}

function covers(pattern: string, type: string): boolean {
  const [major = '', minor = ''] = pattern.toLowerCase().split('/');
  const [typeMajor = '', typeMinor = ''] = type.toLowerCase().split('/');
  return (major === '*' || major === typeMajor) && (minor === '*' || minor === typeMinor);
}
