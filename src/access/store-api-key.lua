-- Write an API key, unless another process has changed it. A second run after a lost reply finds the
-- key as it wrote it.
--
-- ARGV   [1] key of the hash  [2] id  [3] JSON as it was read, '' for a new key  [4] JSON to write
--        [5] key of the mark that a key was made
-- reply  1: the hash has it; 0: another process was first
-- cost   O(1)
local stored = redis.call('HGET', ARGV[1], ARGV[2]) or ''

if stored == ARGV[4] then
  return 1
end
if stored ~= ARGV[3] then
  return 0
end
redis.call('HSET', ARGV[1], ARGV[2], ARGV[4])
redis.call('SET', ARGV[5], '1')
return 1
