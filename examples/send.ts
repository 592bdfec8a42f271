/**
 * Sends one message by HTTP and follows it to its end, and then a batch.
 *
 *   GWM_URL=http://127.0.0.1:3000 GWM_KEY=gwm_live_… node examples/send.ts
 */
// In your project import from 'genesys-webmessaging-worker/client'.
import { ApiError, type BatchLine, createClient } from '../src/client/client.ts';

const { GWM_URL = 'http://127.0.0.1:3000', GWM_KEY } = process.env;
if (!GWM_KEY) throw new Error('Set GWM_KEY to the secret of an API key.');
const gwm = createClient({ baseUrl: GWM_URL, apiKey: GWM_KEY });

const { id } = await gwm.messages.send({
  tenantId: 'acme',
  guestId: 'guest-abc-123',
  conversationId: 'conv-def-456',
  body: { contentType: 'text/plain', content: 'Your replacement card is on its way.' },
  // A second call with this key changes nothing, so a program can repeat it after its own restart.
  idempotencyKey: 'card-shipped-4711',
});
for await (const event of gwm.jobs.events(id)) {
  console.log(event.type, event.type === 'gone' ? id : event.job.state);
}

async function* reminders(): AsyncGenerator<BatchLine> {
  for (const customer of ['anna', 'bob', 'chen']) {
    yield {
      kind: 'message-transmission',
      tenantId: 'acme',
      guestId: `guest-${customer}`,
      conversationId: `conv-${customer}`,
      body: { contentType: 'text/plain', content: 'Your appointment is tomorrow at nine.' },
    };
  }
}
for await (const result of gwm.batch(reminders())) console.log(result.line, result.status);

try {
  await gwm.messages.send({
    tenantId: 'acme',
    guestId: 'guest-abc-123',
    conversationId: 'conv-def-456',
    body: { contentType: 'text/plain', content: '' },
  });
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log(error.code, error.errors);
}
