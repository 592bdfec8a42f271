-- The lock of the process that moves tenants.
--
-- ARGV   [1] key   [2] name of the process   [3] life of the lock, ms; 0 gives it back
-- reply  the name of the process that has the lock, or ''
-- cost   O(1)
local key, name, life = ARGV[1], ARGV[2], tonumber(ARGV[3])
local holder = redis.call('GET', key)
if holder and holder ~= name then
  return holder
end
if life > 0 then
  redis.call('SET', key, name, 'PX', life)
  return name
end
redis.call('DEL', key)
return ''
