-- Turns: which lanes of a bucket may send, and in which order. Needs bucket.lua, job.lua, index.lua, lane.lua
-- and deferred.lua.
--
-- Only the head of a lane may be sent. The bucket therefore knows lanes and not jobs. A lane with jobs is
-- in exactly one of three sets of its bucket:
--
--              may reserve                admit: go
--   waiting ────────────────► reserved ─────────────► busy
--      ▲    serve_waiting         ▲                     │
--      │                          │ may reserve         │ the head has ended, and the next
--      └──────────────────────────┴─────────────────────┘ job is the head; an empty lane is gone
--
--   waiting    the wait queue: lane → when its head was accepted; urgent heads before all others
--   reserved   lane → the moment that it has reserved
--   busy       lane → when it is overdue: its head is running, or waits for its next attempt
--
-- A busy lane whose head got a 429 goes back in the same way, with the same head. A lane whose head
-- failed and halted it is in no set, until an operator decides. A deferred lane is in none of them either:
-- deferred.lua has it, until its head may be sent. `sending` has the lanes with a
-- request under way → the moment at which that request is certainly over.
--
-- The bucket of a lane is that of its head: its tenant, and the bucket class of its kind. A new
-- head may so move the lane to another bucket.
--
-- BullMQ holds the jobs. The jobs of a waiting lane, and all jobs behind a head, lie in its delayed
-- set far beyond their turn. accept.lua inserts a job with the delay of its reservation. Any other
-- script that makes a reservation returns the job in `wakes`, and the process that called it wakes the
-- job. If that process dies first, the lane becomes overdue, and the reconciler wakes its job.

local SERVED_AT_MOST = 64 -- lanes per script; the next script goes on
local DEFERRED_AT_MOST = 500 -- the same for lanes that are put aside, which take no reservation
local CHECK_AFTER = 10000 -- when to look whether a job that waits for its next attempt is there, ms

-- Puts a lane into the wait queue: urgent heads first, then the oldest head first.
local function enqueue_lane(bucket, lane, job, arrival)
  put(bucket, 'waiting', rank_of(job, arrival), lane)
end

-- Reserves a moment for a lane, or puts it into the wait queue, or aside while its head must not be sent. A
-- lane that came later must not reserve while others wait.
-- @param send_at that of the head, if it is to come
-- @return the moment of the reservation, or nil
local function reserve_or_wait(bucket, lane, job, arrival, send_at)
  if defer_lane(bucket, lane, job, arrival, send_at) then
    return nil
  end
  if may_try(bucket, lane) and size_of(bucket, 'waiting') == 0 then
    local moment = next_reservation(bucket)
    if may_reserve(bucket, moment) then
      reserve(bucket, lane, moment)
      return moment
    end
  end
  enqueue_lane(bucket, lane, job, arrival)
end

-- Notes that the bucket has lanes: the reconciler looks at these buckets.
local function mark_occupied(bucket)
  redis.call('SADD', prefix .. 'occupied', bucket.name)
end

-- The same for a lane whose new head takes its tokens from another bucket than the head before.
local function reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
  local bucket = open_bucket(tenant_of(lane), kind_of(job).class)
  local moment = reserve_or_wait(bucket, lane, job, arrival, send_at)
  mark_occupied(bucket)
  if moment then
    wake(wakes, job, moment - now)
  end
end

-- Whether the lane lets others try first: its probe was the last that failed. See dequeue_lane.
local function must_yield(bucket, lane)
  return lane == bucket.tried and size_of(bucket, 'waiting') > 0
end

local function pop_waiting(bucket)
  if size_of(bucket, 'waiting') == 0 then
    return nil
  end
  local lane, rank = unpack(redis.call('ZPOPMIN', bucket.waiting))
  resize(bucket, 'waiting', lane and -1 or 0)
  return lane, rank
end

-- Takes the first lane out of the wait queue. The lane whose probe failed last lets the next one
-- try: one job that always fails would keep the circuit open for all others.
local function dequeue_lane(bucket)
  local lane, rank = pop_waiting(bucket)
  if not lane or lane ~= bucket.tried then
    return lane
  end
  local other = pop_waiting(bucket)
  if other then
    put(bucket, 'waiting', rank, lane)
  end
  return other or lane
end

-- Makes reservations for the first lanes of the wait queue, as far as the bucket allows. Lanes whose quiet
-- hours have begun go aside.
local function serve_waiting(bucket, wakes)
  if size_of(bucket, 'waiting') == 0 or not may_try(bucket, '') then
    return
  end
  local served, deferred = 0, 0
  while served < SERVED_AT_MOST do
    local moment = next_reservation(bucket)
    if not may_reserve(bucket, moment) then
      return
    end
    local lane = dequeue_lane(bucket)
    if not lane then
      return
    end
    local job, arrival, send_at = head_of(lane)
    if job and defer_lane(bucket, lane, job, arrival, send_at) then
      deferred = deferred + 1
      if deferred == DEFERRED_AT_MOST then
        return note_deferral(tenant_of(lane), now) -- due.lua goes on
      end
    else
      served = served + 1
      if job and not takes_class(bucket, kind_of(job).class) then
        reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
      elseif job then
        reserve(bucket, lane, moment)
        wake(wakes, job, moment - now)
      end
    end
  end
end

-- Cancels all reservations and makes them anew, after the rate or a pause has changed.
local function renew_reservations(bucket, wakes)
  for _, lane in ipairs(redis.call('ZRANGE', bucket.reserved, 0, -1)) do
    cancel_reservation(bucket, lane)
    local job, arrival = head_of(lane)
    if job then
      enqueue_lane(bucket, lane, job, arrival)
    end
  end
  serve_waiting(bucket, wakes)
end

-- A lane that was in no set of the bucket may come into one: the reconciler may have left the bucket as empty.
local function leave_deferred(bucket, lane)
  undefer_lane(lane)
  mark_occupied(bucket)
end

-- A lane is in one set only. A busy lane is most often the one that goes on.
local function remove_lane(bucket, lane)
  local is_out = redis.call('ZREM', bucket.busy, lane) == 1 or cancel_reservation(bucket, lane)
  if not is_out and not drop(bucket, 'waiting', lane) then
    leave_deferred(bucket, lane)
  end
end

-- The lane has a request under way, or waits for the token of its next one. By this moment the
-- request is certainly over.
local function mark_busy(bucket, lane, over_at)
  redis.call('ZADD', bucket.busy, ms(over_at), lane)
  if put(bucket, 'sending', ms(over_at), lane) == 0 then
    -- The entry may be one of a request that is over, which was not counted.
    bucket.sizes.sending = nil
  end
end

-- No request of the lane is under way any more. @return whether one was
local function end_request(bucket, lane)
  bucket.sizes.sending = nil
  return redis.call('ZREM', bucket.sending, lane) == 1
end

-- Lets a request of the job go: it takes a token. The ledger says `running` until the worker
-- concludes the run, so that a worker's death leaves a trace. It has the moment from which the time of
-- the request counts: now, or later for a slow worker.
local function start_request(bucket, lane, job, request)
  local counts_from = now + (request.late or 0)
  take_token(bucket)
  mark_busy(bucket, lane, counts_from + request.ms)
  local entry = 'running ' .. request.run .. ' ' .. ms(counts_from) .. ' ' .. request.repetition
  redis.call('SET', ledger_key(job), entry, 'PX', request.ledger_life)
  start_probe(bucket, lane, request.ms)
end

-- The head of the lane has left it: the next job is the head.
--
-- @param second the job behind it, or nil
local function advance(bucket, lane, former, second, wakes)
  remove_lane(bucket, lane)
  if not is_shared(lane, former) then
    return
  end
  local job, arrival, send_at = head_of(lane, nil, second or false)
  if not job then
    return
  end
  if not takes_class(bucket, kind_of(job).class) then
    return reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
  end
  local moment = reserve_or_wait(bucket, lane, job, arrival, send_at)
  if moment then
    wake(wakes, job, moment - now)
  end
end
