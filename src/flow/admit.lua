-- Admit one job: was it delivered already, is it its turn, is there a token? When the answer is go, the ledger says
-- from now on that a request may be under way.
--
-- ARGV   [1] [2] see bucket.lua   [3] job   [4] tenant   [5] lane   [6] run, a number that each start of the
--        job has for itself   [7] moment at which it expires, ms, or ''   [8] how long a request under way may
--        take, ms   [9] 'hold' or 'resend' what may have been delivered   [10] life of a ledger entry, ms
--        [11] 'ready', or 'unready' when the worker must fetch credentials before it can send   [12] for how long a job
--        that fails is tried again, ms, or '' for one that has not failed yet
-- reply  {verdict, wait in ms, reason, ticket, wakes, 1 when there is no attempt after this one}; verdicts:
--        go       send; reason 'unknown' when an earlier attempt may have been delivered, 'died' when that is found now:
--                 its worker died
--        prepare  its turn has come, and it has no token yet: fetch the credentials, and ask again, or conclude the failure.
--                 It counts as a request under way meanwhile, and as the probe where there must be one
--        wait     come back after the wait, unless somebody wakes it before
--        park     not its turn: somebody will wake it
--        done     ended before; reason is the ledger's entry
--        expired  too old
--        unknown  may have been delivered, and is to be held; reason as for go
-- cost   O(log lane), about ten commands, one more for a job that expires and is not sent now, and four for each lane that
--        is given a slot
local job, tenant, lane, run = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local expires_at, request_ms, on_unknown, ledger_life = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], ARGV[10]
local is_ready, retry_for = ARGV[11] == 'ready', tonumber(ARGV[12])
local wakes = {}
local PARKED = 86400000 -- how far a parked job is delayed at most, ms

local entry = ledger_entry(job)
local running, started, repeated = string.match(entry or '', '^running ([^ ]+) ([^ ]+) ?(.*)$')
if entry and not running and string.sub(entry, 1, 5) ~= 'again' then
  -- Its lane may still wait for it, if the worker died between the two.
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

local key = lane_key(lane)
local ticket = tonumber(redis.call('ZSCORE', key, job) or '')
if running == run then
  -- The command was sent again because its reply was lost: it has its token.
  return { 'go', 0, repeated, ticket or 0, wakes, 0 }
end
if doubt ~= '' and on_unknown == 'hold' then
  return { 'unknown', 0, doubt, ticket or 0, wakes }
end
if expires_at and expires_at <= now then
  return { 'expired', 0, '', ticket or 0, wakes }
end
local is_stranger = not ticket
if is_stranger then
  -- Added without being accepted, by hand or after its time: it goes to the end of its lane.
  ticket = next_ticket(lane)
  redis.call('ZADD', key, ticket, job)
end

-- Somebody will wake it. One that expires comes back by itself at that moment, by the clock that decides it: by the
-- worker's own it could come too early, again and again.
local function park(reason)
  expect_expiry(job, expires_at)
  if expires_at and expires_at < now + PARKED then
    return { 'wait', math.ceil(expires_at - now), reason, ticket, wakes }
  end
  return { 'park', 0, reason, ticket, wakes }
end

if head_of(lane, job) ~= job then
  return park('lane')
end

local bucket = open_bucket(tenant, kind_of(job).class)
if is_stranger then
  register(bucket)
end

local function wait(moment, reason)
  expect_expiry(job, expires_at)
  local back_at = math.min(moment, expires_at or moment)
  return { 'wait', math.max(1, math.ceil(back_at - now)), reason, ticket, wakes }
end

local function is_last_attempt()
  local since = retry_for and tonumber(fields_of(job, FAILING_SINCE)[1] or '')
  return since and since + retry_for <= now and 1 or 0
end

local function prepare()
  redis.call('ZREM', bucket.line, lane)
  keep_busy(bucket, lane, now + request_ms)
  make_probe(bucket, lane, request_ms)
  return { 'prepare', 0, '', ticket, wakes }
end

local function go()
  redis.call('ZREM', bucket.line, lane)
  local repetition = doubt ~= '' and 'unknown' or ''
  set_out(bucket, lane, job,
    { run = run, ms = request_ms, repetition = repetition, ledger_life = ledger_life })
  refill(bucket, wakes)
  return { 'go', 0, doubt, ticket, wakes, is_last_attempt() }
end

local held = tonumber(redis.call('ZSCORE', bucket.slots, lane) or '')
if held and held >= bucket.paused_until and now < held then
  return wait(held, 'rate')
end
redis.call('ZREM', bucket.slots, lane)
-- It has fetched its credentials in its turn; or its last request is certainly over.
local was_preparing = redis.call('ZREM', bucket.busy, lane) == 1 and redis.call('ZREM', bucket.sending, lane) == 1

if not bucket.interval then
  stand_in_line(bucket, lane, job, arrival_of(job) or now)
  return park('unconfigured')
end
if bucket.paused_until <= now and not may_try(bucket, lane) then
  -- What the probe finds moves the line on.
  stand_in_line(bucket, lane, job, arrival_of(job) or now)
  return park(bucket.reason or 'circuit-open')
end
if must_yield(bucket, lane) then
  stand_in_line(bucket, lane, job, arrival_of(job) or now)
  refill(bucket, wakes)
  return park('line')
end
-- Whoever has had a slot, and whoever asks by himself, goes as soon as there is a token.
local has_turn = held or was_preparing
if has_room(bucket) and slot_behind(bucket, 0) <= now and (has_turn or next_slot(bucket) <= now) then
  return is_ready and go() or prepare()
end
local slot = next_slot(bucket)
if is_near(bucket, slot) then
  redis.call('ZREM', bucket.line, lane)
  redis.call('ZADD', bucket.slots, ms(slot), lane)
  return wait(slot, bucket.paused_until > now and bucket.reason or 'rate')
end
stand_in_line(bucket, lane, job, arrival_of(job) or now)
return park('line')
