/**
 * Reads all records of `acme`, and prints its memory: `reader-process.ts DATABASE
 * verify|ndjson|csv`.
 */
import { createWriteStream } from 'node:fs';
import { type ExportFormat, exportRecords } from '../../../src/audit/export.ts';
import { openAuditStore } from '../../../src/audit/open-store.ts';

const [database = '', what = ''] = process.argv.slice(2);
const store = await openAuditStore(database, { create: false });
const idleBytes = process.memoryUsage.rss();
const startedMs = performance.now();
const records = what === 'verify' ? await verify() : await write(what as ExportFormat);
const grownMiB = Math.round((process.resourceUsage().maxRSS * 1024 - idleBytes) / 1024 / 1024);
console.log(
  JSON.stringify({ records, seconds: Math.round((performance.now() - startedMs) / 100) / 10, grownMiB }),
);
await store.close();

async function verify(): Promise<number> {
  const verification = await store.verify('acme');
  if (!verification.ok) throw new Error(JSON.stringify(verification));
  return verification.records;
}

async function write(format: ExportFormat): Promise<number> {
  const out = createWriteStream('/dev/null');
  return await exportRecords(store.read({ tenantId: 'acme' }), format, out).finally(() => out.end());
}
