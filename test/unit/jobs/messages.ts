import { type ContentPolicy, createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { type MessageTransmission, messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { message } from '../../support/guides/message.ts';

export const defaultPolicy: ContentPolicy = createContentPolicy();

/** The input of a producer: a sample message with these fields replaced. */
export function messageOf(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return message(fields);
}

export function plain(content: unknown): Record<string, unknown> {
  return { contentType: 'text/plain', content };
}

export function html(content: unknown): Record<string, unknown> {
  return { contentType: 'text/html', content };
}

export function attachmentOf(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    contentType: 'image/png',
    url: 'https://files.example.com/receipt.png?signature=abc',
    fileName: 'receipt.png',
    sizeBytes: 1024,
    ...fields,
  };
}

/** All issues of the input, formatted. Empty for valid input. */
export function issuesOf(input: unknown, policy: ContentPolicy = defaultPolicy): string[] {
  const parsed = parseJob(messageTransmission, input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

/** The checked message. Throws if it has issues. */
export function accepted(input: unknown): MessageTransmission {
  const parsed = parseJob(messageTransmission, input, defaultPolicy);
  if (parsed.ok) return parsed.data;
  throw new Error(parsed.issues.map(describeIssue).join('; '));
}
