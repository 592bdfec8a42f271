-- Revisit scheduled lanes of a tenant: another program may have removed the head of one, and a producer may
-- have enqueued that job once more. The jobs behind it need not wait for its moment. In quiet hours nothing can
-- go anyway, so lanes that wait for their end are not looked at.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] lanes at most   [5] number of the call: each looks at the
--        next lanes
-- reply  {lanes with another head, wakes}
-- cost   O(log lanes + lanes of the call), two commands each, and about eight for each with another head
local tenant, limit, turn = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local later = later_key(tenant)
local repaired, wakes = 0, {}

local function next_lanes()
  local pages = math.max(1, math.ceil(redis.call('ZCARD', later) / limit))
  local from = turn % pages * limit
  return redis.call('ZRANGE', later, from, from + limit - 1, 'WITHSCORES')
end

-- A lane that another program has overwritten has no head any more.
local function revisit(lane, moment)
  local is_lane, job, arrival, send_at = pcall(head_of, lane)
  job = is_lane and job or nil
  if job and send_at and send_at >= moment then
    return
  end
  redis.call('ZREM', later, lane)
  repaired = repaired + 1
  if job then
    reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
  end
end

local lanes = next_lanes()
for at = 1, #lanes, 2 do
  local moment = tonumber(lanes[at + 1])
  if moment > now then -- due.lua has the others
    revisit(lanes[at], moment)
  end
end
return { repaired, wakes }
