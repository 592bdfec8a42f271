import type { CodedError, ErrorCode } from '../core/errors.ts';
import type { BucketReport } from '../flow/decisions.ts';

const VERDICTS: Readonly<Partial<Record<ErrorCode, BucketReport['verdict']>>> = {
  RATE_LIMITED: 'throttled',
  CREDENTIALS_REFUSED: 'refused',
  TOKEN_UNREADABLE: 'unavailable',
  SCOPE_MISSING: 'denied',
  PERMISSION_MISSING: 'denied',
  GENESYS_UNAVAILABLE: 'unavailable',
  GENESYS_UNREACHABLE: 'unavailable',
};

/** What an error says about the bucket. Any other answer shows that Genesys Cloud is there. */
export function bucketReportOf({
  code,
  status,
  retryAfterMs,
  isUnknown,
}: CodedError): BucketReport | undefined {
  const verdict = VERDICTS[code] ?? (status === undefined ? undefined : 'answered');
  return verdict && { verdict, retryAfterMs, isUnknown };
}
