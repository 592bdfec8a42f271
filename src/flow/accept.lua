-- Accept a batch of jobs: duplicates are told, every new job gets the next ticket and its place in its lane, and the
-- heads of lanes a slot or a place in the line. Runs in one transaction with BullMQ's insertion of the jobs, in front
-- of it; they are inserted with a delay far beyond their turn, and those in `wakes` are woken afterwards.
--
-- ARGV   [1] [2] see bucket.lua   [3] KINDS' kind code of all jobs of the batch
--        then six per job: id, tenant, lane, 1 or 0 for urgent or not, 1 or 0 for a part of the entry that the job
--        before belongs to: the first part stands for all; moment at which it expires, ms, or ''
-- reply  {tickets, wakes}; a ticket of 0 is a duplicate; -1 one whose job BullMQ does not have, and must not get
-- cost   O(jobs × log lane), about eight commands each, and one for those that expire, O(log jobs that expire)
local kind_code = ARGV[3]
local kind = KINDS[kind_code]
local count = (#ARGV - 3) / 6
local buckets, tickets, wakes, seen = {}, {}, {}, {}

-- Of two moments, each of which may be nil.
local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

for index = 1, count do
  local at = index * 6 - 2
  local id, tenant, lane, urgent, is_part = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] == '1'
  local job = kind_code .. (urgent == '1' and '!' or '-') .. id
  local key_in_queue = prefix .. kind.queue .. ':' .. id
  local is_known = seen[id] or redis.call('EXISTS', key_in_queue, ledger_key(job)) > 0
  if is_part then
    is_known = tickets[index - 1] < 1
  end
  if is_known then
    local in_queue = seen[id] or redis.call('EXISTS', key_in_queue) == 1
    tickets[index] = in_queue and 0 or -1
  else
    seen[id] = true
    local ticket = next_ticket(lane)
    tickets[index] = ticket
    local key = lane_key(lane)
    local bucket = buckets[tenant] or open_bucket(tenant, kind.class)
    buckets[tenant] = bucket
    expect_expiry(job, earlier(tonumber(ARGV[at + 5]), bucket.max_age and now + bucket.max_age))
    local was_there = redis.call('ZADD', key, ticket, job) == 0
    if redis.call('ZCARD', key) == 1 then
      if was_there then
        -- Removed behind our back, and handed over again before anybody noticed.
        withdraw(bucket, lane)
      end
      local slot = seat(bucket, lane, job, math.floor(now))
      if slot then
        wake(wakes, job, slot - now)
      end
    end
  end
end

for _, bucket in pairs(buckets) do
  register(bucket)
end
return { tickets, wakes }
