--[[
Reads a login of a browser, and notes its use. A login that is over is removed.

  ARGV[1]  key of the logins of an API key
  ARGV[2]  name of the login
  ARGV[3]  longest time without a request, ms
  ARGV[4]  longest time of a login, ms

Reply: {digest of the secret, the moment at which the login was opened, ms}, or false without such a
login. Cost: O(1).
]]
local logins, name, idle, lifetime = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local login = redis.call('HGET', logins, name)
if not login then return false end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local opened, used, digest = string.match(login, '^(%d+) (%d+) (%x+)$')
if not opened or now - used >= idle or now - opened >= lifetime then
  redis.call('HDEL', logins, name)
  return false
end
-- A page sends many requests in a minute. A full Redis takes no note, and the login goes on.
if now - used >= idle / 60 then
  redis.pcall('HSET', logins, name, string.format('%s %d %s', opened, now, digest))
end
return { digest, tonumber(opened) }
