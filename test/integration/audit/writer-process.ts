/**
 * A writer for the tests: `writer-process.ts URL NAME BATCHES` appends batches of five without
 * waits.
 */
import { openAuditStore } from '../../../src/audit/open-store.ts';

const [url = '', name = '', batches = '0'] = process.argv.slice(2);
const store = await openAuditStore(url);
for (let batch = 1; batch <= Number(batches); batch += 1) {
  await store.append(
    Array.from({ length: 5 }, (_, index) => ({
      tenantId: 'acme',
      id: `${name}-${batch}-${index}`,
      source: 'own' as const,
      occurredAt: '2026-03-01T00:00:00.000Z',
      action: 'message.delivered',
      status: 'delivered',
      details: { batch },
    })),
  );
  console.log(`appended ${batch}`);
}
await store.close();
