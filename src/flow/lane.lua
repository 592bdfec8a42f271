-- Shared by the acts: lanes, and the line of those that wait for a slot. Needs bucket.lua.
--
-- A lane, written `<tenant>:<conversation>`, is a zset of jobs by ticket. Only its head may send, so it is the lane that waits, holds a slot or is
-- busy. A lane with jobs is in exactly one of the three sets of the bucket that its head takes its tokens from:
--
--            slot near                 admit: go
--   line ──────────────────► slots ──────────────────► busy
--    ▲   refill                ▲                         │
--    │                         │ slot near               │ concluded: the next is the head, 
--    └─────────────────────────┴─────────────────────────┘ or the lane is empty and gone
--
--   line    lane → when its head was accepted; urgent heads before all others
--   slots   lane → moment for which it holds a slot
--   busy    lane → moment by which it should have been heard of, or looked at: running, or waiting for its next attempt
--
-- Beside them, sending has the lanes with a request under way → the moment at which it is certainly over.
--
-- A lane whose head has failed and halted it is in none of them, until a person lets it go on.
--
-- A job is written `m-<id>`: the code of its kind, '!' or '-' for urgent or not, its id. KINDS tells the queue
-- and the class of each code. BullMQ holds the jobs: those that wait in a line, or behind a head, are delayed far
-- beyond their turn, and an act that gives a lane its slot says whom to wake: `wakes`, three values per job.

local URGENT = 2 ^ 50 -- more than any time in ms
local TICKETS_LIFE = 30 * 86400000 -- how long a conversation may rest and count on, ms
local REFILL_AT_MOST = 64 -- lanes per act; the next act goes on
local FAILING_SINCE = 'gwm:since' -- field of a job's hash: when the first attempt began that has failed, ms
local LOOK_AFTER = 10000 -- how long a job may wait for its next attempt before somebody looks whether it is still there, ms

local function kind_of(job)
  return KINDS[string.sub(job, 1, 1)]
end

local function id_of(job)
  return string.sub(job, 3)
end

-- BullMQ's hash of a job.
local function hash_of(job)
  return prefix .. kind_of(job).queue .. ':' .. id_of(job)
end

local function lane_key(lane)
  return prefix .. 'lane:' .. lane
end

local function tenant_of(lane)
  return string.match(lane, '^[^:]+')
end

local LEDGER_WORDS =
  { running = true, again = true, sent = true, failed = true, expired = true, cancelled = true, removed = true }

local function ledger_key(job)
  return prefix .. 'ledger:' .. string.sub(job, 1, 1) .. id_of(job)
end

-- What the ledger says of the job, or nil. What cannot be read is taken for an attempt that may have been carried out.
local function ledger_entry(job)
  local entry = redis.pcall('GET', ledger_key(job))
  if not entry then
    return nil
  end
  local word = type(entry) == 'string' and string.match(entry, '^%a+') or ''
  if word == 'running' and not string.find(entry, '^running %d+ %d+') then
    return 'again unknown'
  end
  return LEDGER_WORDS[word] and entry or 'again unknown'
end

-- Whether the ledger says that an earlier attempt, which nobody knows the end of, may have been carried out.
local function is_suspect(entry)
  return entry and string.sub(entry, -8) == ' unknown'
end

local function wake(wakes, job, delay)
  local at = #wakes
  wakes[at + 1], wakes[at + 2], wakes[at + 3] = kind_of(job).queue, id_of(job), math.max(0, math.ceil(delay))
end

-- Fields of the job's hash; none of a key that is no hash: an error here would stop all that come by.
local function fields_of(job, ...)
  local reply = redis.pcall('HMGET', hash_of(job), ...)
  return reply.err and {} or reply
end

-- When the job was accepted, ms, if BullMQ still has it and has not ended it.
local function arrival_of(job)
  local state = fields_of(job, 'timestamp', 'finishedOn')
  return not state[2] and tonumber(state[1] or '') or nil
end

-- Notes when a job expires, so that it is woken then, wherever it stands; see expire.lua.
local function expect_expiry(job, expires_at)
  if expires_at then
    redis.call('ZADD', prefix .. 'expiring', math.ceil(expires_at), job)
  end
end

-- The next ticket of a lane. The counter outlives the lane, so that a conversation counts on.
local function next_ticket(lane)
  local counter = prefix .. 'tickets:' .. lane
  local ticket = redis.call('INCR', counter)
  if ticket == 1 then
    -- The lane may have jobs that are older than the counter: halted, they wait for a person.
    local last = redis.call('ZRANGE', lane_key(lane), -1, -1, 'WITHSCORES')[2]
    if last then
      ticket = redis.call('INCRBY', counter, last)
    end
  end
  redis.call('PEXPIRE', counter, TICKETS_LIFE)
  return ticket
end

-- The job whose turn it is, and when it was accepted; none in a halted lane. What was removed or ended behind our back
-- is dropped, each once, and noted for the reconciler.
local function head_of(lane, trusted)
  local key = lane_key(lane)
  while true do
    local job = redis.call('ZRANGE', key, 0, 0)[1]
    if not job or job == trusted then
      return job
    end
    local arrival = arrival_of(job)
    if arrival then
      return job, arrival
    end
    if redis.call('HEXISTS', prefix .. 'halted', job) == 1 then
      return nil
    end
    redis.call('ZREM', key, job)
    redis.call('RPUSH', prefix .. 'lost', tenant_of(lane) .. ' ' .. job)
  end
end

-- Whom the line serves first: who is urgent, and who came first.
local function stand_in_line(bucket, lane, job, arrival)
  local rank = string.sub(job, 2, 2) == '!' and arrival - URGENT or arrival
  redis.call('ZADD', bucket.line, rank, lane)
end

-- Gives a lane a slot if one is near, else a place in the line.
-- @return the moment of the slot, or nil
local function seat(bucket, lane, job, arrival)
  if may_try(bucket, lane) and redis.call('ZCARD', bucket.line) == 0 then
    local slot = next_slot(bucket)
    if is_near(bucket, slot) then
      redis.call('ZADD', bucket.slots, ms(slot), lane)
      return slot
    end
  end
  stand_in_line(bucket, lane, job, arrival)
end

-- Buckets that the reconciler looks at: those with lanes.
local function register(bucket)
  redis.call('SADD', prefix .. 'occupied', bucket.place)
end

local function seat_elsewhere(lane, job, arrival, wakes)
  local bucket = open_bucket(tenant_of(lane), kind_of(job).class)
  local slot = seat(bucket, lane, job, arrival)
  register(bucket)
  if slot then
    wake(wakes, job, slot - now)
  end
end

-- Whether a lane lets others try first: see next_in_line.
local function must_yield(bucket, lane)
  return lane == bucket.tried and redis.call('ZCARD', bucket.line) > 0
end

-- Takes the first lane out of the line. The one whose probe failed last lets the next one try: what only it meets must
-- not hold up the others.
local function next_in_line(bucket)
  local lane, rank = unpack(redis.call('ZPOPMIN', bucket.line))
  if not lane or lane ~= bucket.tried then
    return lane
  end
  local other = redis.call('ZPOPMIN', bucket.line)[1]
  if other then
    redis.call('ZADD', bucket.line, rank, lane)
  end
  return other or lane
end

-- Hands near slots to the first of the line.
local function refill(bucket, wakes)
  if not may_try(bucket, '') then
    return
  end
  for _ = 1, REFILL_AT_MOST do
    local slot = next_slot(bucket)
    if not is_near(bucket, slot) then
      return
    end
    local lane = next_in_line(bucket)
    if not lane then
      return
    end
    local job, arrival = head_of(lane)
    if job and kind_of(job).class ~= bucket.class then
      -- Its former head is gone, and the new one takes its tokens elsewhere.
      seat_elsewhere(lane, job, arrival, wakes)
    elseif job then
      redis.call('ZADD', bucket.slots, ms(slot), lane)
      wake(wakes, job, slot - now)
    end
  end
end

-- Takes back all slots, and hands them out anew.
local function reseat(bucket, wakes)
  for _, lane in ipairs(redis.call('ZRANGE', bucket.slots, 0, -1)) do
    redis.call('ZREM', bucket.slots, lane)
    local job, arrival = head_of(lane)
    if job then
      stand_in_line(bucket, lane, job, arrival)
    end
  end
  refill(bucket, wakes)
end

local function withdraw(bucket, lane)
  redis.call('ZREM', bucket.busy, lane)
  redis.call('ZREM', bucket.slots, lane)
  redis.call('ZREM', bucket.line, lane)
end

-- The lane has a request under way, or waits for the token of its next one, until it is certainly over.
local function keep_busy(bucket, lane, over_at)
  redis.call('ZADD', bucket.busy, ms(over_at), lane)
  local more = redis.call('ZADD', bucket.sending, ms(over_at), lane)
  bucket.under_way = bucket.under_way and bucket.under_way + more
end

-- A request of the job goes out: it takes a token, and until it is heard of the ledger says that it may have been
-- delivered.
local function set_out(bucket, lane, job, request)
  spend(bucket)
  keep_busy(bucket, lane, now + request.ms)
  local entry = 'running ' .. request.run .. ' ' .. ms(now) .. ' ' .. request.repetition
  redis.call('SET', ledger_key(job), entry, 'PX', request.ledger_life)
  make_probe(bucket, lane, request.ms)
end

-- A lane whose former head has ended: the next job takes its turn.
local function advance(bucket, lane, wakes)
  withdraw(bucket, lane)
  local job, arrival = head_of(lane)
  if not job then
    return
  end
  if kind_of(job).class ~= bucket.class then
    return seat_elsewhere(lane, job, arrival, wakes)
  end
  local slot = seat(bucket, lane, job, arrival)
  if slot then
    wake(wakes, job, slot - now)
  end
end
