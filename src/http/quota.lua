--[[
Counts one request of an API key against its quota (GCRA). It holds the moment at which the key
has all of its quota again.

  ARGV[1]  key of the quota
  ARGV[2]  interval between two requests at the rate, microseconds
  ARGV[3]  burst: most requests at once

Reply: {1 when the request may go on, requests left, microseconds until the quota is full again,
microseconds until the next request may go on}. Cost: O(1).
]]
local key, interval, burst = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full = math.max(tonumber(redis.call('GET', key) or 0) or 0, now)
local span = interval * burst

if full - now + interval > span then
  return { 0, 0, full - now, full - now + interval - span }
end
full = full + interval
redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
return { 1, math.floor((span - (full - now)) / interval), full - now, 0 }
