-- Admit a run of a job. Has the job ended already? Is it its turn? Is there a token? When the
-- verdict is go, the ledger says from now on that a request may be under way.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane   [6] run
--        [7] moment at which the job expires, ms, or ''
--        [8] after this time, ms, a request of a dead worker is certainly over (FlowOptions.attemptMs)
--        [9] 'hold' or 'resend' a job that may have been delivered   [10] life of a ledger entry, ms
--        [11] 'ready', or 'unready' when the worker must fetch an OAuth token before it can send
--        [12] for how long a job that fails is tried again, ms, or '' for one that has not failed yet
-- reply  {verdict, wait in ms, reason, sequence, wakes, 1 when this is the last attempt}; verdicts:
--        go       send; the reason is 'unknown' when an earlier attempt may have been delivered, and
--                 'died' when this script is the first to find that its worker died
--        prepare  the turn has come: fetch the OAuth token, and ask again or conclude the failure. The
--                 job takes no token yet. It counts as a request under way, and as the probe if needed
--        wait     run the job again after the wait
--        park     it is not its turn: a script will wake the job
--        done     the job ended before; the reason is the ledger's entry
--        expired  the job is too old
--        unknown  the job may have been delivered, and is to be held; reason as for go
-- cost   O(log lane), about ten commands, one more for a job that expires and is not sent now, and four
--        for each lane that gets a reservation
local job, tenant, lane, run = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local expires_at, request_ms, on_unknown, ledger_life = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], ARGV[10]
local is_ready, retry_for = ARGV[11] == 'ready', tonumber(ARGV[12])
local wakes = {}
local PARKED = 86400000 -- how far BullMQ delays a parked job at most, ms

local entry = ledger_entry(job)
local running, started, repeated = string.match(entry or '', '^running ([^ ]+) ([^ ]+) ?(.*)$')
if entry and not running and string.sub(entry, 1, 5) ~= 'again' then
  return { 'done', 0, entry, 0, wakes }
end
if running and running ~= run and now < tonumber(started) + request_ms then
  return { 'wait', math.ceil(tonumber(started) + request_ms - now), 'unknown', 0, wakes }
end
local doubt = ''
if running and running ~= run then
  doubt = 'died'
elseif is_suspect(entry) then
  doubt = 'unknown'
end

local sequence = sequence_in(lane, job)
if running == run then
  -- The client sends a command again when its reply was lost. The run has its token already.
  return { 'go', 0, repeated, sequence or 0, wakes, 0 }
end
if doubt ~= '' and on_unknown == 'hold' then
  return { 'unknown', 0, doubt, sequence or 0, wakes }
end
if expires_at and expires_at <= now then
  return { 'expired', 0, '', sequence or 0, wakes }
end
local is_unaccepted = not sequence
if is_unaccepted then
  -- Another program added the job, or its lane went on without it: it goes to the end of its lane.
  sequence = join_lane(lane, job, last_in(lane))
  index_again(tenant, job)
end

-- A job that expires comes back at that moment even if it is not woken. The clock of Redis sets
-- the moment: by a worker's clock it could come too early, again and again.
local function park(reason)
  expect_expiry(job, expires_at)
  if expires_at and expires_at < now + PARKED then
    return { 'wait', math.ceil(expires_at - now), reason, sequence, wakes }
  end
  return { 'park', 0, reason, sequence, wakes }
end

if head_of(lane, job) ~= job then
  return park('lane')
end

local bucket = open_bucket(tenant, kind_of(job).class)
if is_unaccepted then
  mark_occupied(bucket)
end

local function wait(moment, reason)
  expect_expiry(job, expires_at)
  local back_at = math.min(moment, expires_at or moment)
  return { 'wait', math.max(1, math.ceil(back_at - now)), reason, sequence, wakes }
end

local function join_wait_queue()
  enqueue_lane(bucket, lane, job, arrival_of(job) or now)
end

local function is_last_attempt()
  local since = retry_for and tonumber(fields_of(job, FAILING_SINCE)[1] or '')
  return since and since + retry_for <= now and 1 or 0
end

local function prepare()
  redis.call('ZREM', bucket.waiting, lane)
  mark_busy(bucket, lane, now + request_ms)
  start_probe(bucket, lane, request_ms)
  return { 'prepare', 0, '', sequence, wakes }
end

local function go()
  redis.call('ZREM', bucket.waiting, lane)
  local repetition = doubt ~= '' and 'unknown' or ''
  start_request(bucket, lane, job,
    { run = run, ms = request_ms, repetition = repetition, ledger_life = ledger_life })
  serve_waiting(bucket, wakes)
  return { 'go', 0, doubt, sequence, wakes, is_last_attempt() }
end

local reserved_at = tonumber(redis.call('ZSCORE', bucket.reserved, lane) or '')
if reserved_at and reserved_at >= bucket.paused_until and now < reserved_at then
  return wait(reserved_at, 'rate')
end
redis.call('ZREM', bucket.reserved, lane)
-- The worker got the verdict prepare before, and has its OAuth token now; or the lane's last
-- request is certainly over.
local was_preparing = redis.call('ZREM', bucket.busy, lane) == 1 and redis.call('ZREM', bucket.sending, lane) == 1

if not bucket.interval then
  join_wait_queue()
  return park('unconfigured')
end
if bucket.paused_until <= now and not may_try(bucket, lane) then
  -- The answer to the probe moves the wait queue on.
  join_wait_queue()
  return park(bucket.reason or 'circuit-open')
end
if must_yield(bucket, lane) then
  join_wait_queue()
  serve_waiting(bucket, wakes)
  return park('waiting')
end
-- A lane that has had its turn goes as soon as there is a token; others do not overtake
-- reservations.
local has_turn = reserved_at or was_preparing
if is_below_limit(bucket) and token_at(bucket, 0) <= now and (has_turn or next_reservation(bucket) <= now) then
  return is_ready and go() or prepare()
end
local moment = next_reservation(bucket)
if may_reserve(bucket, moment) then
  redis.call('ZREM', bucket.waiting, lane)
  reserve(bucket, lane, moment)
  return wait(moment, bucket.paused_until > now and bucket.reason or 'rate')
end
join_wait_queue()
return park('waiting')
