--[[
Stores a login of a browser, and removes logins of its API key that are over. A key has a bounded
number of logins: a further one takes the place of the one that was not used for the longest time.

  ARGV[1]  key of the logins of an API key: hash, name → `<opened ms> <used ms> <digest of the secret>`
  ARGV[2]  name of the login
  ARGV[3]  digest of the secret
  ARGV[4]  longest time without a request, ms
  ARGV[5]  longest time of a login, ms
  ARGV[6]  most logins of a key

Reply: the moment at which the login was opened, ms. Cost: O(logins of the key).
]]
local logins, name, digest = ARGV[1], ARGV[2], ARGV[3]
local idle, lifetime, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local others = {}
local all = redis.call('HGETALL', logins)
for index = 1, #all, 2 do
  local opened, used = string.match(all[index + 1], '^(%d+) (%d+) ')
  if not opened or now - used >= idle or now - opened >= lifetime then
    redis.call('HDEL', logins, all[index])
  else
    others[#others + 1] = { name = all[index], used = tonumber(used) }
  end
end
table.sort(others, function(a, b) return a.used < b.used end)
for index = 1, #others - most + 1 do
  redis.call('HDEL', logins, others[index].name)
end
redis.call('HSET', logins, name, string.format('%d %d %s', now, now, digest))
redis.call('PEXPIRE', logins, lifetime)
return now
