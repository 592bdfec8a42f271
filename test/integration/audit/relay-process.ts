/**
 * A relay for the tests: `relay-process.ts DATABASE REDIS PREFIX`. It stops after it has stored a
 * batch, and prints that.
 */

import { createIntake } from '../../../src/audit/intake.ts';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import { startRelay } from '../../../src/audit/relay.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';

const [database = '', redis = '', prefix = ''] = process.argv.slice(2);
const store = await openAuditStore(database);
startRelay({
  client: createRedis({ url: redis, role: 'worker' }),
  keys: createKeys(prefix, 1),
  logger: createLogger('silent'),
  maxAgeMs: 60_000,
  intake: createIntake({
    async append(records) {
      await store.append(records);
      console.log('stored, not acknowledged');
      return await new Promise(() => {});
    },
  }),
});
