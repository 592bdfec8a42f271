-- Revisit scheduled lanes of a tenant: another program may have removed the head of one. The jobs behind it
-- need not wait for its moment. In quiet hours nothing can go anyway, so lanes that wait for their end are not
-- looked at.
--
-- ARGV   [1] [2] see state.lua   [3] tenant   [4] lanes at most   [5] number of the call: each looks at the
--        next lanes
-- reply  {lanes whose head was gone, wakes}
-- cost   O(log lanes + lanes of the call), two commands each, and about eight for each whose head was gone
local tenant, limit, turn = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local later = later_key(tenant)
local repaired, wakes = 0, {}

local function next_lanes()
  local pages = math.max(1, math.ceil(redis.call('ZCARD', later) / limit))
  local from = turn % pages * limit
  return redis.call('ZRANGE', later, from, from + limit - 1)
end

for _, lane in ipairs(next_lanes()) do
  local first = first_in(lane)
  local job, arrival, send_at = head_of(lane, nil, first or false)
  if not job or job ~= first then
    redis.call('ZREM', later, lane)
    repaired = repaired + 1
    if job then
      reserve_or_wait_elsewhere(lane, job, arrival, send_at, wakes)
    end
  end
end
return { repaired, wakes }
