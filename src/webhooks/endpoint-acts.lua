-- A batch of acts of workers on callbacks, in the order in which they came: endpoint-arrive.lua,
-- endpoint-enter.lua and endpoint-leave.lua. Each endpoint is read once. Permits are granted when all acts
-- are done, so that they are in the right hands whatever the order was.
--
-- ARGV   [1] to [4] see endpoint.lua   [5] longest time of a call, ms   [6] worker
--        [7] time of failures alone after which an endpoint is disabled, ms
--        then the acts, each with its kind, tenant, id of the endpoint and callback in front:
--        'arrive' with data and options; 'enter' with run and address without its query; 'leave' with run,
--        verdict, wait that the receiver asked for, attempt and life of the log
-- reply  {replies, wakes}: the reply of each act; {'failed', error} in the place of one that failed. The
--        others are done
-- cost   that of each act; ten commands for each endpoint and tenant, and eight for each permit that is granted
local acts, replies, wakes = {}, {}, {}
local call_ms, worker, disable_after = tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local perform = { arrive = arrive, enter = enter, leave = leave }
local fields = { arrive = 2, enter = 2, leave = 5 } -- behind the kind and the three that all acts have
local failures = {} -- of endpoints and tenants

local function read_act(at)
  local act = { kind = ARGV[at], tenant = ARGV[at + 1], endpoint_id = ARGV[at + 2], callback = ARGV[at + 3] }
  local first, second = ARGV[at + 4], ARGV[at + 5]
  if act.kind == 'arrive' then
    act.data, act.options = first, second
  elseif act.kind == 'enter' then
    act.run, act.url, act.call_ms = first, second, call_ms
  else
    act.run, act.verdict, act.asked = first, second, tonumber(ARGV[at + 6])
    act.attempt, act.life = ARGV[at + 7], ARGV[at + 8]
    act.worker, act.disable_after = worker, disable_after
  end
  return act
end

local function failed(reply)
  return { 'failed', type(reply) == 'table' and reply.err or reply }
end

-- Performs one act. After a failure Redis may hold less than the tables say.
local function try(act)
  local is_done, reply = pcall(perform[act.kind], act)
  if not is_done then
    forget_sizes()
    if act.endpoint then
      pcall(read_state, act.endpoint)
    end
    return failed(reply)
  end
  return reply
end

-- Writes what the acts have changed at an endpoint.
local function finish(endpoint)
  if endpoint.url then
    redis.call('HSET', endpoint.key, 'tenant', endpoint.tenant.id, 'url', endpoint.url, 'called_at', ms(now))
  end
  if endpoint.has_delivered then
    redis.call('HSET', endpoint.key, 'delivered_at', ms(endpoint.delivered_at), 'delivered_by', endpoint.delivered_by)
  end
  if endpoint.url or endpoint.was_left then
    remember(endpoint)
  end
  update_indexes(endpoint)
end

-- Does something once for an endpoint or a tenant. When it fails, the acts that came to it fail, but for
-- arrivals: their jobs are in the queue.
local function once(what, owner, ...)
  if failures[owner] == nil then
    local is_done, failure = pcall(what, owner, ...)
    failures[owner] = not is_done and failed(failure)
  end
end

local at = 8
while at <= #ARGV do
  local act = read_act(at)
  acts[#acts + 1] = act
  at = at + 4 + fields[act.kind]
end
for index, act in ipairs(acts) do
  replies[index] = try(act)
end
if arrivals then
  -- From here on the parked jobs can be promoted.
  local is_closed, failure = pcall(close_queue, arrivals)
  for index, act in ipairs(acts) do
    if act.is_inserted and not is_closed then
      replies[index] = failed(failure)
    end
  end
end
for _, act in ipairs(acts) do
  if act.endpoint then
    once(finish, act.endpoint)
  end
end
for _, act in ipairs(acts) do
  if act.endpoint then
    once(grant_free_permits, act.endpoint.tenant, wakes)
  end
end
for index, act in ipairs(acts) do
  if not replies[index] then
    local is_done, reply = pcall(settle_enter, act)
    replies[index] = is_done and reply or failed(reply)
  end
  if act.endpoint and act.kind ~= 'arrive' then
    replies[index] = failures[act.endpoint] or failures[act.endpoint.tenant] or replies[index]
  end
end
for what, number in pairs(counts) do
  redis.call('HINCRBY', prefix .. 'webhook-counts', what, number)
end
return { replies, wakes }
