-- Note when an API key was used. A key that was revoked meanwhile gets no entry, which would stay
-- for ever.
--
-- ARGV   [1] key of the keys' hash  [2] key of the uses' hash  [3] id  [4] moment, ms since the epoch
-- cost   O(1)
if redis.call('HEXISTS', ARGV[1], ARGV[3]) == 1 then
  redis.call('HSET', ARGV[2], ARGV[3], ARGV[4])
end
