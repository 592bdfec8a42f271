-- Acquire the token for one more request of a job that was admitted and is running.
--
-- While the job waits, the acquisition has a reservation under a name of its own. It comes after
-- the lanes that have one, so that each of them goes at the moment it was given. It comes before
-- the wait queue, so that workers finish first what they began. The worker asks twice at most,
-- unless the bucket is paused meanwhile. The reconciler drops the reservation of a worker that
-- died.
--
-- ARGV   [1] [2] see state.lua   [3] job   [4] tenant   [5] lane   [6] run
--        [7] number of the acquisition within its run
--        [8] after this time, ms, a request of a dead worker is certainly over (FlowOptions.requestMs)
--        [9] longest wait that the caller takes, ms   [10] life of a ledger entry, ms
--        [11] what the last answer says about the rate limit, see note_allowance
--        [12] how much later than usual the request may begin, ms: Redis or the worker is slow
-- reply  {verdict, wait in ms, wakes}; verdicts:
--        go     send
--        wait   a moment is reserved: ask again after the wait, with the same number
--        later  the wait would be too long; nothing is reserved
--        lost   another run has the job, or the job has ended: send nothing more
-- cost   O(log lanes), about ten commands, and four for each lane that gets a reservation
local job, tenant, lane, run = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local request_ms, patience, ledger_life, said = tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10], ARGV[11]
local late = tonumber(ARGV[12])
-- Ids have no blank, so no lane has this name.
local name = lane .. ' ' .. job .. ' ' .. ARGV[7]
local wakes = {}

local entry = ledger_entry(job)
local running, repetition = string.match(entry or '', '^running ([^ ]+) [^ ]+ ?(.*)$')
local bucket = open_bucket(tenant, kind_of(job).class)
local reserved_at = tonumber(redis.call('ZSCORE', bucket.reserved, name) or '')
cancel_reservation(bucket, name, reserved_at)
if running ~= run then
  return { 'lost', 0, wakes }
end
note_allowance(bucket, said)

local function wait(moment)
  local wait_ms = math.max(1, math.ceil(moment - now))
  if wait_ms > patience then
    return { 'later', wait_ms, wakes }
  end
  reserve(bucket, name, moment)
  mark_busy(bucket, lane, moment + late + request_ms)
  return { 'wait', wait_ms, wakes }
end

if not may_try(bucket, lane) then
  return wait(math.max(bucket.probe_until, bucket.paused_until))
end
if reserved_at and reserved_at > now and reserved_at >= bucket.paused_until then
  return wait(reserved_at)
end
if token_at(bucket, 0) <= now and (reserved_at or next_reservation(bucket) <= now) then
  start_request(bucket, lane, job,
    { run = run, ms = request_ms, late = late, repetition = repetition, ledger_life = ledger_life })
  serve_waiting(bucket, wakes)
  return { 'go', 0, wakes }
end
return wait(next_reservation(bucket))
