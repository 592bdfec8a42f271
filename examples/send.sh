#!/bin/sh
# Sends one message by HTTP, and follows it to its end.
#
#   GWM_URL=http://127.0.0.1:3000 GWM_KEY=gwm_live_… sh examples/send.sh
set -eu

: "${GWM_URL:=http://127.0.0.1:3000}"
: "${GWM_KEY:?Set GWM_KEY to the secret of an API key.}"

# curl repeats the request when the answer is 429 or 503, and the key keeps it from sending twice.
answer=$(curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --max-time 30 \
  -X POST "$GWM_URL/v1/messages" \
  -H "Authorization: Bearer $GWM_KEY" \
  -H 'Content-Type: application/json' \
  -H "Idempotency-Key: ${ORDER:-order-4711}" \
  --data-binary @- <<'JSON'
{
  "tenantId": "acme",
  "guestId": "guest-abc-123",
  "conversationId": "conv-def-456",
  "body": { "contentType": "text/plain", "content": "Your replacement card is on its way." }
}
JSON
)
echo "$answer"

id=$(echo "$answer" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')

# The stream ends with the job.
curl --silent --show-error --fail-with-body --no-buffer --max-time 600 \
  -H "Authorization: Bearer $GWM_KEY" "$GWM_URL/v1/jobs/$id/events"
