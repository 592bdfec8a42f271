-- Note: the run that has the lease writes down what it has learned, and may give the lease back.
--
-- ARGV   [1] to [3] see session.lua
--        [4] id of a message that the channel has just accepted, or ''
--        [5] how long the session may send nothing, ms; 0 for no pause
--        [6] 1 when the channel has configured the session   [7] 1 when it takes no more messages
--        [8] 1 to give the lease back   [9] how long the session is kept from now on, ms
--        [10] 1 when the channel has answered that the session is too fast
-- reply  1 when the run has the lease; 0 when nothing was written but pause and pace
-- cost   O(messages of a window); about ten commands
local accepted, pause_ms, is_known, is_closed = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local releases, life = ARGV[8] == '1', tonumber(ARGV[9])

if redis.call('HEXISTS', key, 'token') == 0 then
  return 0
end
if pause_ms > 0 then
  redis.call('HSET', key, 'paused_until', ms(math.max(number_of('paused_until'), now + pause_ms)))
end
if ARGV[10] == '1' then
  slow_down(pause_ms)
end
-- A run whose lease is over may be late: another run may have sent meanwhile.
if not has_lease() then
  return 0
end
if accepted ~= '' then
  local times = {}
  for time in string.gmatch(redis.call('HGET', key, 'sent') or '', '%S+') do
    times[#times + 1] = time
  end
  times[math.max(1, #times)] = ms(now)
  redis.call('HSET', key, 'sent', table.concat(times, ' '), 'last', accepted)
end
if is_known == '1' then
  redis.call('HSET', key, 'known', 1)
end
if is_closed == '1' then
  redis.call('HSET', key, 'closed', 1)
end
keep_for(life)
if releases then
  redis.call('HDEL', key, 'owner', 'lease_until')
end
return 1
