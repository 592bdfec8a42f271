-- Acquire a token for one more request of a job that was admitted and is under way: some kinds make many.
--
-- While it waits the acquisition holds a slot under a name of its own, behind the lanes that hold one, so that it puts off
-- nobody who was told a time, and asks twice at most unless the bucket is paused meanwhile. It goes before the line: what was
-- begun is finished first. A slot whose holder died is dropped by the reconciler.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane   [6] run   [7] number of the acquisition, its own in
--        this run   [8] how long a request under way may take, ms   [9] longest wait that the caller takes, ms
--        [10] life of a ledger entry, ms   [11] how many more requests the other side would take now; -1 when it did
--        not say
-- reply  {verdict, wait in ms, wakes}; verdicts:
--        go     send
--        wait   a slot is held: ask again, with the same number, after the wait
--        later  the wait would be too long; nothing is held
--        lost   another run has the job, or it has ended: send nothing more
-- cost   O(log lanes), about ten commands, and four for each lane that is given a slot
local job, tenant, lane, run = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local request_ms, patience, ledger_life, remaining = tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10], tonumber(ARGV[11])
-- No id has white space in it, so this is the name of no lane.
local name = lane .. ' ' .. job .. ' ' .. ARGV[7]
local wakes = {}

local entry = ledger_entry(job)
local running, repetition = string.match(entry or '', '^running ([^ ]+) [^ ]+ ?(.*)$')
local bucket = open_bucket(tenant, kind_of(job).class)
local held = tonumber(redis.call('ZSCORE', bucket.slots, name) or '')
redis.call('ZREM', bucket.slots, name)
if running ~= run then
  return { 'lost', 0, wakes }
end
learn(bucket, remaining)

local function wait(moment)
  local wait_ms = math.max(1, math.ceil(moment - now))
  if wait_ms > patience then
    return { 'later', wait_ms, wakes }
  end
  redis.call('ZADD', bucket.slots, ms(moment), name)
  keep_busy(bucket, lane, moment + request_ms)
  return { 'wait', wait_ms, wakes }
end

if not may_try(bucket, lane) then
  return wait(math.max(bucket.probe_until, bucket.paused_until))
end
if held and held > now and held >= bucket.paused_until then
  return wait(held)
end
if slot_behind(bucket, 0) <= now and (held or next_slot(bucket) <= now) then
  set_out(bucket, lane, job,
    { run = run, ms = request_ms, repetition = repetition, ledger_life = ledger_life })
  refill(bucket, wakes)
  return { 'go', 0, wakes }
end
return wait(next_slot(bucket))
