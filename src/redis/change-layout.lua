-- Change the layout: which tenant is in which partition. Each change gives it the next version, so that
-- processes read it again. A change that another process was faster with changes nothing.
--
-- ARGV   [1] prefix of partition 0   [2] what, then its arguments:
--        home    tenant, the JSON that its caller has read or '', and the new JSON or ''
--        pin     tenant, JSON: only while the number of partitions is raised; a tenant that has a home keeps it
--        raise   the number of partitions, and the number that it is raised to
--        raised  that number
--        own     nothing
-- reply  1 when the layout is as wanted, 0 when it is not; for `own` the number of own partitions
-- cost   O(1)
local prefix, what = ARGV[1], ARGV[2]
local installation, homes = prefix .. 'installation', prefix .. 'homes'

local FORMAT = 4 -- a version of the program that looks for tenants by their hash alone must not start

local function next_version()
  redis.call('HINCRBY', installation, 'layout', 1)
  redis.call('HSET', installation, 'format', FORMAT)
end

local function number(field)
  return tonumber(redis.call('HGET', installation, field) or '')
end

local changes = {}

function changes.home()
  local tenant, before, after = ARGV[3], ARGV[4], ARGV[5]
  if (redis.call('HGET', homes, tenant) or '') ~= before then
    return 0
  end
  if after == '' then
    redis.call('HDEL', homes, tenant)
  else
    redis.call('HSET', homes, tenant, after)
  end
  next_version()
  return 1
end

function changes.pin()
  if not number('raising') then
    return 0
  end
  if redis.call('HSETNX', homes, ARGV[3], ARGV[4]) == 1 then
    next_version()
  end
  return 1
end

function changes.raise()
  local from, to = tonumber(ARGV[3]), tonumber(ARGV[4])
  local raising = number('raising')
  if raising then
    return raising == to and 1 or 0
  end
  if number('partitions') ~= from then
    return 0
  end
  redis.call('HSET', installation, 'raising', to)
  next_version()
  return 1
end

function changes.raised()
  local to = tonumber(ARGV[3])
  if number('raising') ~= to then
    return number('partitions') == to and 1 or 0
  end
  redis.call('HSET', installation, 'partitions', to)
  redis.call('HDEL', installation, 'raising')
  next_version()
  return 1
end

function changes.own()
  next_version()
  return redis.call('HINCRBY', installation, 'own', 1)
end

return changes[what]()
