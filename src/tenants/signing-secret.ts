/**
 * The key in a secret that signs callbacks, as Standard Webhooks has it: `whsec_` and 24 to 64 bytes in base64.
 * Undefined when the secret has another form.
 */
export function signingKey(secret: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const key = Buffer.from(encoded ?? '', 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** What is wanted of a secret that is no such one; undefined when all is well. It is not quoted. */
export function signingIssue(secret: string): string | undefined {
  return signingKey(secret) ? undefined : 'the secret is not "whsec_" and 24 to 64 bytes in base64';
}
