-- Arrive: a new callback. Its job enters the queue with a permit, if one is free and no callback waits.
-- Otherwise it is parked, and joins the wait queue. For endpoint-acts.lua. Needs bullmq-insert.lua of
-- src/redis.
--
-- An act of this kind has these fields:
--
--   tenant, endpoint_id, callback
--   data, options   of the job for BullMQ, JSON
--
-- reply  1; 0 for a callback that the queue knows already, which stays as it is
-- cost   O(log n) of the wait queue; about ten commands

local PARKED = 3600000 -- how far BullMQ delays a parked job, ms: it runs by itself if no grant comes

-- @return how far the job is delayed, ms
local function take_place(act)
  local endpoint = visit(act)
  if endpoint.disabled_at then
    return 0
  end
  if may_take_free_permit(endpoint) then
    hold_permit(endpoint, act.callback, now)
    return 0
  end
  add_to_wait_queue(endpoint, act.callback, now)
  return PARKED
end

local arrivals -- the queue of the callbacks that this script inserts

local function arrive(act)
  local key = job_of(act.callback)
  if redis.call('EXISTS', key) == 1 then
    return 0
  end
  arrivals = arrivals or open_queue(prefix .. QUEUE .. ':', now)
  -- Where the state of the endpoint is damaged, the worker that starts the job finds out. The job that
  -- the callback reports must not wait for that.
  local has_place, delay = pcall(take_place, act)
  local job = { id = act.callback, name = QUEUE, data = act.data, options = act.options }
  local is_inserted, failure = pcall(insert_job, arrivals, job, has_place and delay or 0)
  if not is_inserted then
    -- The next report of the same end must not find a job that no worker gets.
    redis.call('DEL', key)
    pcall(withdraw, act)
    error(failure, 0)
  end
  act.is_inserted = true
  return 1
end
