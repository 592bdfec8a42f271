-- Accept a batch of jobs. Each new job gets the next sequence number of its lane, and enters the index
-- of its tenant and of its lane. A job that is the head of its lane reserves a moment, or its lane
-- joins the wait queue.
--
-- The script runs in one transaction with BullMQ's insertion of the jobs, and in front of it.
-- BullMQ inserts all of them with a delay far beyond their turn; afterwards the producer wakes
-- `wakes`.
--
-- A tenant may have `maxWaiting` jobs that have not ended. An entry that would be beyond that is
-- refused with all its parts. BullMQ would insert them all the same: so the script puts a hash in the
-- place of each refused job, which BullMQ takes for a duplicate. unmark.lua, the last command of the
-- transaction, removes these hashes. After a refusal the call gets no more jobs of that tenant in, so
-- that no job overtakes a refused one.
--
-- ARGV   [1] [2] see bucket.lua   [3] kind code of all jobs of the batch
--        [4] '' when no limit holds: jobs that jobs start; 'once' for one entry; else the name of a call
--        of several batches
--        then six per job: id, tenant, lane, 1 if urgent or 0, 1 or 0, moment at which it expires, ms, or ''
--        the fifth is 1 for a further part of the entry that the job before belongs to: a part is
--        accepted when the first part is
-- reply  {sequences, wakes, limits}; a sequence of 0 is a duplicate, -1 is a duplicate that BullMQ does
--        not have and must not get, and -2 is refused. `limits` has tenant and `maxWaiting` of each
--        tenant with a refused job
-- cost   O(jobs × log lane), about five commands each, one for those that expire, two for each
--        conversation and five for each tenant
local kind_code, call = ARGV[3], ARGV[4]
local kind = KINDS[kind_code]
local count = (#ARGV - 4) / 6
local buckets, sequences, wakes, seen = {}, {}, {}, {}
local rooms, notes, limits, refused = {}, {}, {}, {}
local DUPLICATE, STRAY, REFUSED = 0, -1, -2
local CALL_LIFE = 60000 -- longer than batches of one call are under way together, ms

-- Where the arguments of a job begin.
local function place_of(index)
  return index * 6 - 1
end

-- The earlier of two moments; each may be nil.
local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

local function calling_key()
  return prefix .. 'refusing:' .. call
end

-- How many more jobs of the tenant may wait.
local function room_of(tenant, bucket)
  if call == '' then
    return math.huge
  end
  if not rooms[tenant] then
    local has_refused = call ~= 'once' and redis.call('SISMEMBER', calling_key(), tenant) == 1
    rooms[tenant] = has_refused and 0 or bucket.max_waiting - count_waiting(tenant)
  end
  return rooms[tenant]
end

-- The jobs of the entry that begins here.
local function size_of_entry(index)
  local size = 1
  while ARGV[place_of(index + size) + 4] == '1' do
    size = size + 1
  end
  return size
end

local function refuse(index, tenant, bucket, id, key_in_queue)
  sequences[index] = REFUSED
  refused[id] = true
  redis.pcall('HSETNX', key_in_queue, 'gwm:refused', '1')
  redis.call('SADD', prefix .. 'refused', key_in_queue)
  if not limits[tenant] then
    limits[tenant] = bucket.max_waiting
    if call ~= 'once' then
      redis.call('SADD', calling_key(), tenant)
      redis.call('PEXPIRE', calling_key(), CALL_LIFE)
    end
  end
  rooms[tenant] = 0
end

local function take(index, job, tenant, lane, bucket, expires_at)
  local sequence = next_sequence(lane)
  sequences[index] = sequence
  local key = lane_key(lane)
  expect_expiry(job, earlier(expires_at, bucket.max_age and now + bucket.max_age))
  note_job(notes, job, tenant, lane, index)
  if sequence % TRIM_EVERY == 0 then
    trim_lane(lane, sequence)
  end
  local was_there = redis.call('ZADD', key, sequence, job) == 0
  if redis.call('ZCARD', key) > 1 then
    return
  end
  if was_there then
    -- Another program removed the job, and the producer enqueues it before the reconciler came.
    remove_lane(bucket, lane)
  end
  local moment = reserve_or_wait(bucket, lane, job, math.floor(now))
  if moment then
    wake(wakes, job, moment - now)
  end
end

for index = 1, count do
  local at = place_of(index)
  local id, tenant, lane, urgent, is_part = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] == '1'
  local job = kind_code .. (urgent == '1' and '!' or '-') .. id
  local key_in_queue = prefix .. kind.queue .. ':' .. id
  local before = is_part and sequences[index - 1]
  local is_known = seen[id]
  if is_part then
    is_known = before < 1
  elseif not is_known and not refused[id] then
    is_known = redis.call('EXISTS', key_in_queue, ledger_key(job)) > 0
  end
  local bucket = buckets[tenant]
  if not bucket and not is_known then
    bucket = open_bucket(tenant, kind.class)
    buckets[tenant] = bucket
  end
  if before == REFUSED or refused[id] then
    refuse(index, tenant, bucket or open_bucket(tenant, kind.class), id, key_in_queue)
  elseif is_known then
    local in_queue = seen[id] or redis.call('EXISTS', key_in_queue) == 1
    sequences[index] = in_queue and DUPLICATE or STRAY
  elseif not is_part and room_of(tenant, bucket) < size_of_entry(index) then
    refuse(index, tenant, bucket, id, key_in_queue)
  else
    seen[id] = true
    if rooms[tenant] then
      rooms[tenant] = rooms[tenant] - 1
    end
    take(index, job, tenant, lane, bucket, tonumber(ARGV[at + 5]))
  end
end

for _, bucket in pairs(buckets) do
  mark_occupied(bucket)
end
index_all(notes)
local refusals = {}
for tenant, limit in pairs(limits) do
  refusals[#refusals + 1], refusals[#refusals + 2] = tenant, limit
end
return { sequences, wakes, refusals }
