-- Enter: a run asks for the lease of the session, and for the right to send a message.
--
-- ARGV   [1] to [3] see session.lua
--        [4] the encrypted token if there is none yet, or ''   [5] length of the lease, ms
--        [6] what is sent: 'message', 'typing', or '' for nothing yet
--        [7] most messages in a window   [8] length of the window, ms: the setting of the tenant
--        [9] shortest time between two typing events, ms   [10] how long the session is kept, ms
-- reply  {verdict, wait in ms, token, known, closed, last}
--        verdict  go      the run has the lease
--                 absent  there is no token yet: ask again with one
--                 busy    another run has the lease
--                 paused  the channel has asked for a pause
--                 rate    too many messages in the window
--                 early   a typing event has just been sent
-- cost   O(messages of a window); about ten commands
local offered, lease_ms, what = ARGV[4], tonumber(ARGV[5]), ARGV[6]
local most, window = at_pace(tonumber(ARGV[7]), tonumber(ARGV[8]))
local typing_every, life = tonumber(ARGV[9]), tonumber(ARGV[10])

local token = redis.call('HGET', key, 'token')
if not token then
  if offered == '' then
    return { 'absent', 0, '', 0, 0, '' }
  end
  token = offered
  redis.call('HSET', key, 'token', token)
end
keep_for(life)

local function wait(reason, moment)
  -- The next run of the job must not wait for this one.
  if has_lease() then
    redis.call('HDEL', key, 'owner', 'lease_until')
  end
  return { reason, math.max(1, math.ceil(moment - now)), '', 0, 0, '' }
end

local lease_until = number_of('lease_until')
if lease_until > now and redis.call('HGET', key, 'owner') ~= run then
  return wait('busy', lease_until)
end

local is_closed = number_of('closed')
if is_closed == 0 and what ~= '' then
  local paused_until = number_of('paused_until')
  if paused_until > now then
    return wait('paused', paused_until)
  end
  local times = recent_sends(window)
  if #times >= most then
    return wait('rate', tonumber(times[#times - most + 1]) + window)
  end
  if what == 'typing' then
    local typed_at = number_of('typed_at')
    if typed_at > now - typing_every then
      return wait('early', typed_at + typing_every)
    end
    redis.call('HSET', key, 'typed_at', ms(now))
  end
  times[#times + 1] = ms(now)
  redis.call('HSET', key, 'sent', table.concat(times, ' '))
end

redis.call('HSET', key, 'owner', run, 'lease_until', ms(now + lease_ms))
return { 'go', 0, token, number_of('known'), is_closed, redis.call('HGET', key, 'last') or '' }
