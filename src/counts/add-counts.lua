-- Add the counts of one worker to the hashes of a partition, once. A client sends a script again when
-- it got no reply. So each call has a number, and Redis knows the last one of each worker.
--
-- ARGV   [1] prefix of the partition   [2] name of the worker   [3] number of the call, from 1
--        then for each hash: its key, how long Redis keeps it, ms; the set that lists such hashes, how long
--        Redis keeps that, ms, and the name in it, or three times ''; the number of its fields, and field
--        and count of each
-- reply  1, or 0 when an earlier run of this call has added the counts
-- cost   O(fields), one command each, and one to four for each hash
local prefix, worker, number = ARGV[1], ARGV[2], tonumber(ARGV[3])
local REMEMBERED = 86400000 -- how long Redis knows the last call of a worker, ms
local last = prefix .. 'counted:' .. worker

if number <= tonumber(redis.call('GET', last) or 0) then
  return 0
end
-- A Redis that is full refuses this command, and nothing is added yet.
redis.call('SET', last, number, 'PX', REMEMBERED)

-- A key that another program changed must not hold up the other counts.
local function list_active(set, kept_ms, member)
  if redis.pcall('SADD', set, member) == 1 and redis.call('PTTL', set) == -1 then
    redis.call('PEXPIRE', set, kept_ms)
  end
end

local at = 4
while at <= #ARGV do
  local key, kept_ms, set, listed_ms, member = unpack(ARGV, at, at + 4)
  local fields = tonumber(ARGV[at + 5])
  at = at + 6
  for _ = 1, fields do
    redis.pcall('HINCRBY', key, ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  if redis.call('PTTL', key) == -1 then
    redis.call('PEXPIRE', key, kept_ms)
    if set ~= '' then
      list_active(set, listed_ms, member)
    end
  end
end
return 1
