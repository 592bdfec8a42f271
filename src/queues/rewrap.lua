-- Rewrap: puts a value that was sealed again in the place of the old one, unless another program has
-- changed it meanwhile.
--
-- ARGV   [1] 'hash', 'list' or 'string'   [2] key   [3] field of the hash, place in the list, or ''
--        [4] the old value   [5] the new one
-- reply  1 when the value was replaced, else 0
-- cost   two commands
local form, key, place, old, new = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if form == 'hash' and redis.call('HGET', key, place) == old then
  redis.call('HSET', key, place, new)
  return 1
elseif form == 'list' and redis.call('LINDEX', key, place) == old then
  redis.call('LSET', key, place, new)
  return 1
elseif form == 'string' and redis.call('GET', key) == old then
  redis.call('SET', key, new, 'KEEPTTL')
  return 1
end
return 0
