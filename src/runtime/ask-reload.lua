--[[
Asks every process to read the tenants file again.

  ARGV[1]  key of the request

Reply: the number of the request: the time of Redis, ms, and more than that of the request before it.
Cost: O(1).
]]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local last = tonumber(redis.call('GET', ARGV[1]) or 0) or 0
local number = math.max(now, last + 1)
redis.call('SET', ARGV[1], string.format('%.0f', number))
return number
