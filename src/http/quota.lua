--[[
Counts requests of an API key that came together against its quota (GCRA). It holds the moment at
which the key has all of its quota again.

  ARGV[1]  key of the quota
  ARGV[2]  interval between two requests at the rate, microseconds
  ARGV[3]  burst: most requests at once
  ARGV[4]  how many requests came

Reply: {how many of them may go on, requests left, microseconds until the quota is full again,
microseconds until the next request may go on}. Cost: O(1).
]]
local key, interval, burst, came = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full = math.max(tonumber(redis.call('GET', key) or 0) or 0, now)
local span = interval * burst

local room = math.max(0, math.floor((span - (full - now)) / interval))
local within = math.min(came, room)
if within > 0 then
  full = full + within * interval
  redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
end
return { within, room - within, full - now, math.max(0, full - now + interval - span) }
