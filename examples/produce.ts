/**
 * Enqueues one message with the library, and then a stream of messages.
 *
 *   REDIS_URL=redis://127.0.0.1:6379 node examples/produce.ts
 */
// In your project import from 'genesys-webmessaging-worker/producer'.
import { createProducer, JobRejectedError } from '../src/index.ts';

const producer = createProducer({ redisUrl: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' });

const accepted = await producer.enqueue('message-transmission', {
  tenantId: 'acme',
  guestId: 'guest-abc-123',
  conversationId: 'conv-def-456',
  body: { contentType: 'text/plain', content: 'Your replacement card is on its way.' },
  // A second call with this key is a duplicate, so a caller can repeat it safely.
  idempotencyKey: 'card-shipped-4711',
});
console.log(accepted);

async function* reminders() {
  for (const customer of ['anna', 'bob', 'chen']) {
    yield {
      tenantId: 'acme',
      guestId: `guest-${customer}`,
      conversationId: `conv-${customer}`,
      body: { contentType: 'text/plain' as const, content: 'Your appointment is tomorrow at nine.' },
    };
  }
}
console.log(await producer.enqueueMany('message-transmission', reminders()));

try {
  await producer.enqueue('message-transmission', {
    tenantId: 'acme',
    guestId: 'guest-abc-123',
    conversationId: 'conv-def-456',
    body: { contentType: 'text/plain', content: '' },
  });
} catch (error) {
  if (error instanceof JobRejectedError) console.log(error.message);
}

await producer.close();
