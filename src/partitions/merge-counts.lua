-- Merge the counts of a span of time from the partition that their tenant has left into those here.
--
-- ARGV   [1] key of the counts   [2] key of the keys that are merged   [3] how long Redis keeps them, ms
--        then pairs of field and count
-- reply  1; 0 when they were merged before
-- cost   O(fields), one command each
local key, merged, kept_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('SADD', merged, key) == 0 then
  return 0
end
for at = 4, #ARGV, 2 do
  redis.pcall('HINCRBY', key, ARGV[at], ARGV[at + 1])
end
if kept_ms > 0 and redis.call('PTTL', key) == -1 then
  redis.call('PEXPIRE', key, kept_ms)
end
return 1
