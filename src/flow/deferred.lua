-- Deferred lanes: the head of a lane must not be sent yet. Either it is scheduled (`sendAt`), or its tenant
-- has quiet hours. Needs state.lua, job.lua and lane.lua.
--
--   later:<tenant>   lane → the moment at which its head may be sent
--   quiet:<tenant>   lane → the rank of its head; all of them go on at the end of the quiet hours
--   deferred         tenant → the next moment at which one of these lanes may go on
--
-- A lane in one of these sets is in no set of a bucket. It takes no reservation, and BullMQ holds its jobs
-- far beyond their turn. due.lua lets it go on. Quiet hours hold messages and cards back.

-- Classes whose jobs have quiet hours. Those of a tenant are the same for both.
local QUIET_CLASSES = { 'messages', 'cards' }

local function later_key(tenant)
  return prefix .. 'later:' .. tenant
end

local function quiet_key(tenant)
  return prefix .. 'quiet:' .. tenant
end

-- The end of the quiet hours that hold jobs of a class back at a moment; nil when none do. The bucket has the
-- next quiet hours as '<from>-<to> <from>-<to> …', in ms, with '!' in front if urgent jobs pass.
local function quiet_end_of(bucket, tenant, class, is_urgent, moment)
  local hours = bucket.quiets and own_settings_of(tenant, class).quiet
  if not hours or is_urgent and string.sub(hours, 1, 1) == '!' then
    return nil
  end
  for from, to in string.gmatch(hours, '(%d+)%-(%d+)') do
    if tonumber(from) <= moment and moment < tonumber(to) then
      return tonumber(to)
    end
  end
end

-- A lane of the tenant may go on at the moment.
local function note_deferral(tenant, moment)
  redis.call('ZADD', prefix .. 'deferred', 'LT', ms(moment), tenant)
end

-- Puts a lane aside if its head must not be sent yet.
--
-- @param arrival when the head was accepted, or nil when the caller does not know it
-- @param send_at that of the head, if it is to come
-- @return whether it did
local function defer_lane(bucket, lane, job, arrival, send_at)
  if not send_at and not bucket.quiets then
    return false
  end
  local tenant = tenant_of(lane)
  if send_at then
    redis.call('ZADD', later_key(tenant), ms(send_at), lane)
    note_deferral(tenant, send_at)
    return true
  end
  local quiet_end = quiet_end_of(bucket, tenant, kind_of(job).class, string.sub(job, 2, 2) == '!', now)
  if not quiet_end then
    return false
  end
  redis.call('ZADD', quiet_key(tenant), rank_of(job, arrival or arrival_of(job) or now), lane)
  note_deferral(tenant, quiet_end)
  return true
end

local function undefer_lane(lane)
  local tenant = tenant_of(lane)
  redis.call('ZREM', later_key(tenant), lane)
  redis.call('ZREM', quiet_key(tenant), lane)
end

-- For how long a bucket is paused, ms, and why: of a pause and of quiet hours the one that ends later counts.
-- A bucket of all classes is said to have the quiet hours of the messages in it.
local function pause_of(bucket, tenant, class)
  local of_class = bucket.all_classes and QUIET_CLASSES[1] or class
  local quiet_end = quiet_end_of(bucket, tenant, of_class, false, now)
  if quiet_end and quiet_end > bucket.paused_until then
    return math.ceil(quiet_end - now), 'quiet-hours'
  end
  return math.max(0, math.ceil(bucket.paused_until - now)), bucket.reason or ''
end
