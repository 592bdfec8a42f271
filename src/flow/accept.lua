-- Accept a batch of jobs and insert them into their queue. Each new job gets the next sequence number
-- of its lane, and enters the index of its tenant. A job that is the head of its lane reserves a moment,
-- or its lane joins the wait queue. BullMQ gets the job with a delay up to that moment; all other jobs are
-- parked: their delay is far beyond their turn, and other scripts wake them.
--
-- Needs bullmq-insert.lua of src/redis, and count-accepted.lua of src/counts.
--
-- A tenant may have `maxWaiting` jobs that have not ended. An entry that would be beyond that is
-- refused with all its parts. After a refusal the call gets no more jobs of that tenant in, so that no
-- job overtakes a refused one.
--
-- A tenant may have left the partition, and a producer may know an older layout than the partition does.
-- Such a job is not accepted: its producer reads the layout again. Jobs that jobs start stay with them, up
-- to the end of the move.
--
-- ARGV   [1] [2] see state.lua   [3] kind code of all jobs of the batch
--        [4] '' when no limit holds: jobs that jobs start; 'once' for one entry; else the name of a call
--        of several batches
--        [5] how long a job is parked, ms   [6] options of all jobs for BullMQ, JSON
--        [7] id of the job that waits for these, or ''   [8] what BullMQ keeps of it, JSON
--        [9] version of the layout that the producer knows
--        then seven per job: id, tenant, lane, mark, moment at which it expires, ms, or '', name, data as
--        JSON. The mark is '!' for an urgent job or '-', with '+' behind it for a further part of the
--        entry that the job before belongs to: a part is accepted when the first part is
-- reply  {sequences, limits, now}; a sequence of 0 is a duplicate, -1 has expired already, -2 is refused,
--        and -3 belongs to another partition. `limits` has tenant and `maxWaiting` of each tenant with a refused job
-- cost   O(jobs × log lane), about ten commands each, one for the layout, one for those that expire, four for each
--        conversation and eight for each tenant
local kind_code, call, parked = ARGV[3], ARGV[4], tonumber(ARGV[5])
local kind = KINDS[kind_code]
local timestamp = math.floor(now)
local queue = open_queue(prefix .. kind.queue .. ':', timestamp)
local count = (#ARGV - 9) / 7
local buckets, rooms, lanes, limits = {}, {}, {}, {}
local sequences, notes, accepted = {}, {}, {}
local DUPLICATE, EXPIRED, REFUSED, MOVED = 0, -1, -2, -3
local CALL_LIFE = 60000 -- longer than batches of one call are under way together, ms

-- Where the arguments of a job begin.
local function place_of(index)
  return index * 7 + 3
end

local function is_part(index)
  return #(ARGV[place_of(index) + 3] or '') > 1
end

-- The job that waits for the jobs of the batch; nil when no job does.
local function parent_of_batch()
  if ARGV[7] ~= '' then
    local key = queue.base .. ARGV[7]
    return { key = key, json = ARGV[8], dependencies = key .. ':dependencies' }
  end
end

local function bucket_of(tenant)
  local bucket = buckets[tenant] or open_bucket(tenant, kind.class)
  buckets[tenant] = bucket
  return bucket
end

local function calling_key()
  return prefix .. 'refusing:' .. call
end

-- The earlier of two moments; each may be nil.
local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

-- How many more jobs of the tenant may wait.
local function room_of(tenant)
  if call == '' then
    return math.huge
  end
  if not rooms[tenant] then
    local has_refused = call ~= 'once' and redis.call('SISMEMBER', calling_key(), tenant) == 1
    rooms[tenant] = has_refused and 0 or backlog_limits_of(tenant, kind.class).max_waiting - count_waiting(tenant)
  end
  return rooms[tenant]
end

-- The jobs of the entry that begins here.
local function size_of_entry(index)
  local size = 1
  while is_part(index + size) do
    size = size + 1
  end
  return size
end

local function refuse(tenant)
  rooms[tenant] = 0
  if not limits[tenant] then
    limits[tenant] = backlog_limits_of(tenant, kind.class).max_waiting
    if call ~= 'once' then
      redis.call('SADD', calling_key(), tenant)
      redis.call('PEXPIRE', calling_key(), CALL_LIFE)
    end
  end
  return REFUSED
end

-- How long a job is parked. It comes back when it expires, so that it ends in time.
local function parked_for(expires_at)
  return expires_at and math.min(parked, math.max(1, expires_at - timestamp)) or parked
end

-- Puts the job into its lane.
-- @return its sequence number, and the delay until its turn; no delay when its turn is not known
local function enter_lane(job, tenant, lane)
  local last, has_others = lanes[lane], true
  if not last then
    last, has_others = last_in(lane)
  end
  local sequence, was_there = join_lane(lane, job, last, has_others)
  lanes[lane] = sequence
  if has_others and not (was_there and first_in(lane) == job) then
    return sequence
  end
  local bucket = bucket_of(tenant)
  if was_there then
    -- Another program removed the job, and the producer enqueues it before the reconciler came.
    remove_lane(bucket, lane)
  end
  local moment = reserve_or_wait(bucket, lane, job, timestamp)
  return sequence, moment and math.max(0, math.ceil(moment - now))
end

local parent = parent_of_batch()

-- The tenants of the batch that are in another partition.
local function tenants_elsewhere()
  local places, names = {}, { ':version' }
  for index = 1, count do
    local tenant = ARGV[place_of(index) + 1]
    if not places[tenant] then
      names[#names + 1] = tenant
      places[tenant] = #names
    end
  end
  local known = redis.call('HMGET', prefix .. 'layout', unpack(names))
  local is_stale = not parent and tonumber(ARGV[9]) < tonumber(known[1] or 0)
  local elsewhere = {}
  for tenant, place in pairs(places) do
    local mark = known[place]
    elsewhere[tenant] = is_stale or mark and (not parent or string.find(mark, 'closed', 1, true)) or nil
  end
  return elsewhere
end

local elsewhere = tenants_elsewhere()

local function take(index, job, id, tenant, lane, expires_at)
  local at = place_of(index)
  local max_age = backlog_limits_of(tenant, kind.class).max_age
  expect_expiry(job, earlier(expires_at, max_age and now + max_age))
  local sequence, delay = enter_lane(job, tenant, lane)
  if sequence % TRIM_EVERY == 0 then
    trim_lane(lane, sequence)
  end
  local stored = { id = id, name = ARGV[at + 5], data = ARGV[at + 6], options = ARGV[6] }
  insert_job(queue, stored, delay or parked_for(expires_at), parent)
  note_job(notes, job, tenant, index)
  accepted[tenant] = (accepted[tenant] or 0) + 1
  if rooms[tenant] then
    rooms[tenant] = rooms[tenant] - 1
  end
  return sequence
end

-- Decides one job. @return its sequence number, or why it has none
local function decide(index)
  local at = place_of(index)
  local id, tenant, lane, mark = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local job = kind_code .. string.sub(mark, 1, 1) .. id
  local expires_at = tonumber(ARGV[at + 4])
  if #mark > 1 then
    if sequences[index - 1] < 1 then
      return sequences[index - 1]
    end
  elseif elsewhere[tenant] then
    return MOVED
  elseif redis.call('EXISTS', queue.base .. id, ledger_key(job)) > 0 then
    if parent then
      adopt_job(queue, id, parent)
    end
    return DUPLICATE
  elseif expires_at and expires_at <= timestamp then
    return EXPIRED
  elseif room_of(tenant) < size_of_entry(index) then
    return refuse(tenant)
  end
  return take(index, job, id, tenant, lane, expires_at)
end

local function decide_all()
  for index = 1, count do
    sequences[index] = decide(index)
  end
end

-- A parent that is gone gets no jobs. Another program may have put a value of another type into a key:
-- then the jobs in front of this one are accepted, and all that belongs to them follows here.
local failure
if not parent or redis.call('EXISTS', parent.key) == 1 then
  local _
  _, failure = pcall(decide_all)
end

close_queue(queue)
for _, bucket in pairs(buckets) do
  mark_occupied(bucket)
end
index_all(notes)
count_accepted(kind_code, accepted)
if failure then
  return type(failure) == 'table' and failure or redis.error_reply(failure)
end
local refusals = {}
for tenant, limit in pairs(limits) do
  refusals[#refusals + 1], refusals[#refusals + 2] = tenant, limit
end
return { sequences, refusals, timestamp }
