/** Ids that this program makes: of jobs, callbacks, endpoints and API keys. */
const FORMS = [
  /^j[0-9a-f]{32}(-\d{1,3})?$/,
  /^k[a-z2-7]{32}(-\d{1,3})?$/,
  /^wh-[jk][a-z0-9]{32}(-\d{1,3})?-(delivered|failed|expired|held)$/,
  /^ep-[0-9a-f]{20}$/,
  /^k_[0-9A-Za-z]{11}$/,
];

/**
 * An id that leads to nothing, when it has the form of ours; else null. An operator may have pasted
 * anything in its place, also a secret, and a record is kept for ever.
 */
export function knownForm(id: string | undefined): string | null {
  return id !== undefined && FORMS.some((form) => form.test(id)) ? id : null;
}
