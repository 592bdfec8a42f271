/** Makes text from outside safe for logs and terminals: short, and on one line. */
export function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}
