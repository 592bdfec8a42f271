-- Admit a run of a job. Has the job ended already? Is it its turn? Is there a token? When the
-- verdict is go, the ledger says from now on that a request may be under way. For acts.lua.
--
-- An act of this kind has these fields:
--
--   job, tenant, lane, run
--   expires_at   moment at which the job expires, ms, or nil
--   on_unknown   'hold' or 'resend' a job that may have been delivered; 'hold unanswered' does not hold a
--                job for the death of its worker alone
--   is_ready     whether the worker has an OAuth token; otherwise it must fetch one before it can send
--   retry_for    for how long a job that fails is tried again, ms, or nil for one that has not failed yet
--   send_at      moment before which the job must not be sent, ms, or nil
--   request_ms   after this time, ms, a request of a dead worker is certainly over (FlowOptions.requestMs)
--   ledger_life  life of a ledger entry, ms
--
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
-- cost   O(log lane), about ten commands, one more for a job that expires and is not sent now, two for the note
--        of a job that is not sent now, and four for each lane that gets a reservation

local PARKED = 86400000 -- how far BullMQ delays a parked job at most, ms

local function say(act, verdict, wait, reason)
  return { verdict, wait, reason, act.sequence or 0, act.wakes }
end

-- A job that expires comes back at that moment even if it is not woken. The clock of Redis sets
-- the moment: by a worker's clock it could come too early, again and again.
local function park(act, reason)
  expect_expiry(act.job, act.expires_at)
  note_event(act.job, 'wait:' .. note_word(reason))
  if act.expires_at and act.expires_at < now + PARKED then
    return say(act, 'wait', math.ceil(act.expires_at - now), reason)
  end
  return say(act, 'park', 0, reason)
end

local function wait_until(act, moment, reason)
  expect_expiry(act.job, act.expires_at)
  local back_at = math.min(moment, act.expires_at or moment)
  note_event(act.job, 'wait:' .. note_word(reason), back_at)
  return say(act, 'wait', math.max(1, math.ceil(back_at - now)), reason)
end

local function join_wait_queue(bucket, act)
  enqueue_lane(bucket, act.lane, act.job, arrival_of(act.job) or now)
end

local function is_last_attempt(act)
  local since = act.retry_for and tonumber(fields_of(act.job, FAILING_SINCE)[1] or '')
  return since and since + act.retry_for <= now and 1 or 0
end

local function prepare(bucket, act)
  mark_busy(bucket, act.lane, now + act.request_ms)
  start_probe(bucket, act.lane, act.request_ms)
  return say(act, 'prepare', 0, '')
end

local function go(bucket, act, doubt)
  local repetition = doubt ~= '' and 'unknown' or ''
  start_request(bucket, act.lane, act.job,
    { run = act.run, ms = act.request_ms, repetition = repetition, ledger_life = act.ledger_life })
  serve_waiting(bucket, act.wakes)
  local reply = say(act, 'go', 0, doubt)
  reply[6] = is_last_attempt(act)
  return reply
end

-- What the ledger says before the turn is looked at.
-- @return the reply, or nil and the doubt: whether an earlier attempt may have been delivered
local function judge_ledger(act)
  local entry = ledger_entry(act.job)
  local running, started, repeated = string.match(entry or '', '^running ([^ ]+) ([^ ]+) ?(.*)$')
  if entry and not running and string.sub(entry, 1, 5) ~= 'again' then
    return say(act, 'done', 0, entry)
  end
  local over_at = running and tonumber(started) + act.request_ms
  if running and running ~= act.run and now < over_at then
    note_event(act.job, 'wait:unknown', over_at)
    return say(act, 'wait', math.ceil(over_at - now), 'unknown')
  end
  local head = redis.call('ZRANGEBYSCORE', lane_key(act.lane), 0, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  act.head = head[1]
  act.sequence = act.head == act.job and tonumber(head[2]) or sequence_in(act.lane, act.job)
  if running == act.run then
    -- The client sends a command again when its reply was lost. The run has its token already.
    local reply = say(act, 'go', 0, repeated)
    reply[6] = 0
    return reply
  end
  local doubt = running and 'died' or is_suspect(entry) and 'unknown' or ''
  if doubt == 'died' then
    note_event(act.job, 'died')
  end
  local holds = act.on_unknown == 'hold' or act.on_unknown == 'hold unanswered' and is_suspect(entry)
  if doubt ~= '' and holds then
    return say(act, 'unknown', 0, doubt)
  end
  if act.expires_at and act.expires_at <= now then
    return say(act, 'expired', 0, '')
  end
  return nil, doubt
end

-- The lane leaves the set that it is in.
-- @return whether it had its turn: it had a reservation, or the worker got the verdict prepare before and
--         has its OAuth token now, or the lane's last request is certainly over
local function leave_set(bucket, lane, reserved_at)
  if reserved_at then
    cancel_reservation(bucket, lane, reserved_at)
    return true
  end
  if redis.call('ZREM', bucket.busy, lane) == 1 then
    return end_request(bucket, lane)
  end
  if not drop(bucket, 'waiting', lane) then
    leave_deferred(bucket, lane)
  end
  return false
end

-- Another program added the job, and its hash has no `sendAt`: the scripts look there.
local function note_send_at(job, send_at)
  local arrival, known = arrival_of(job)
  if arrival and not known then
    redis.call('HSET', hash_of(job), SEND_AT, ms(send_at))
  end
end

local function admit(act)
  local reply, doubt = judge_ledger(act)
  if reply then
    return reply
  end
  local job, lane = act.job, act.lane
  local send_at = act.send_at and act.send_at > now and act.send_at or nil
  local is_unaccepted = not act.sequence
  if is_unaccepted then
    -- Another program added the job, or its lane went on without it: it goes to the end of its lane.
    act.sequence = join_lane(lane, job, last_in(lane))
    index_again(act.tenant, job)
  end
  if send_at then
    note_send_at(job, send_at)
  end
  if head_of(lane, job, act.head or job) ~= job then
    return park(act, 'lane')
  end

  local bucket = open_bucket(act.tenant, kind_of(job).class)
  if is_unaccepted then
    mark_occupied(bucket)
  end
  local reserved_at = tonumber(redis.call('ZSCORE', bucket.reserved, lane) or '')
  if reserved_at and reserved_at >= bucket.paused_until and now < reserved_at then
    return wait_until(act, reserved_at, 'rate')
  end
  local has_turn = leave_set(bucket, lane, reserved_at)
  if defer_lane(bucket, lane, job, nil, send_at) then
    serve_waiting(bucket, act.wakes)
    return park(act, 'deferred')
  end
  if not bucket.interval then
    join_wait_queue(bucket, act)
    return park(act, 'unconfigured')
  end
  if bucket.paused_until <= now and not may_try(bucket, lane) then
    -- The answer to the probe moves the wait queue on.
    join_wait_queue(bucket, act)
    return park(act, bucket.held and 'moving' or bucket.reason or 'circuit-open')
  end
  if must_yield(bucket, lane) then
    join_wait_queue(bucket, act)
    serve_waiting(bucket, act.wakes)
    return park(act, 'waiting')
  end
  -- A lane that has had its turn goes as soon as there is a token; others do not overtake
  -- reservations.
  if is_below_limit(bucket) and token_at(bucket, 0) <= now and (has_turn or next_reservation(bucket) <= now) then
    return act.is_ready and go(bucket, act, doubt) or prepare(bucket, act)
  end
  local moment = next_reservation(bucket)
  if may_reserve(bucket, moment) then
    reserve(bucket, lane, moment)
    return wait_until(act, moment, bucket.paused_until > now and bucket.reason or 'rate')
  end
  join_wait_queue(bucket, act)
  return park(act, 'waiting')
end
