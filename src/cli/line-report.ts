import { describeIssue, type Issue, rejectionCode } from '../core/issues.ts';
import type { LineResult } from './enqueue-lines.ts';
import { print, printJson, remark } from './output.ts';

/** Reports a line on standard output and standard error. */
export type ReportLine = (result: LineResult) => void;

/** For people and pipes: the ids of new jobs on standard output, all else on standard error. */
export const reportInWords: ReportLine = (result) => {
  const { line } = result;
  if (result.status === 'accepted') return result.jobIds.forEach(print);
  if (result.status === 'rejected')
    return remark(`line ${line}: ${codeOf(result.errors)}${result.errors.map(describeIssue).join('; ')}`);
  if (result.status === 'refused') return remark(`line ${line}: ${describeRefusal(result)}`);
  remark(
    `line ${line}: duplicate of ${result.jobIds.join(', ')}${isDifferent(result) ? `, ${DIFFERENT}` : ''}`,
  );
};

/** The code of a job that is right and that its tenant cannot send; nothing for a wrong one. */
function codeOf(errors: readonly Issue[]): string {
  const code = rejectionCode(errors);
  return code === 'CAPABILITY_UNAVAILABLE' ? `${code}: ` : '';
}

const DIFFERENT = 'whose content differs; this line was not taken';

/** For programs: one object per line of the input, in its order, on standard output. */
export function reportAsJson(kind: string): ReportLine {
  return (result) => printJson(jsonOf(result, kind));
}

function jsonOf(result: LineResult, kind: string): object {
  const { line } = result;
  if (result.status === 'rejected') return { line, kind, errors: result.errors };
  if (result.status === 'refused') {
    const { code, tenantId, limit } = result;
    return { line, kind, refused: { code, tenantId, limit } };
  }
  const [id, ...others] = result.jobIds;
  const ids = others.length > 0 && { ids: result.jobIds };
  if (result.status === 'accepted') return { line, kind, id, ...ids };
  return { line, kind, duplicateOf: id, ...ids, ...(isDifferent(result) && { isDifferent: true }) };
}

function describeRefusal({ code, tenantId, limit }: Extract<LineResult, { status: 'refused' }>): string {
  return `refused (${code}): the tenant ${tenantId} has ${limit} jobs that have not ended; enqueue the line again later`;
}

/** Whether a duplicate has another content than the job with its key. */
function isDifferent(result: LineResult): boolean {
  return 'isDifferent' in result && result.isDifferent === true;
}
