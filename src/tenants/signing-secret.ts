/**
 * The key of a secret that signs callbacks, in the form of Standard Webhooks: `whsec_` and 24 to 64
 * bytes in base64. Undefined when the secret has another form.
 */
export function signingKey(secret: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const key = Buffer.from(encoded ?? '', 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** The error of a secret with another form, without the secret; undefined when it is valid. */
export function signingIssue(secret: string): string | undefined {
  return signingKey(secret) ? undefined : 'the secret is not "whsec_" and 24 to 64 bytes in base64';
}
