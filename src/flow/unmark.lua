-- Remove the hashes that accept.lua put in the place of refused jobs. The last command of the
-- transaction: no other client ever sees these hashes.
--
-- ARGV   [1] [2] see bucket.lua
-- reply  none
-- cost   one command, and one for each refused job
local refused = ARGV[2] .. 'refused'
for _, key in ipairs(redis.call('SMEMBERS', refused)) do
  redis.pcall('HDEL', key, 'gwm:refused')
end
redis.call('DEL', refused)
