-- Counts of accepted jobs, for accept.lua. Needs the table SPANS of spans.ts, and `now` and `prefix`
-- of state.lua.
--
-- cost   one command for each span, and a few more when a hash is new; for all tenants together the same

local function slot_of(span)
  return string.format('%s%d', span[1], math.floor(now / span[2]))
end

-- A key that another program changed must not refuse the jobs. Only the first count of this field can be
-- in a new hash. Returns whether it is.
local function count_in(name, span, jobs)
  local key = prefix .. name .. ':' .. slot_of(span)
  local is_new = redis.pcall('HINCRBY', key, 'accepted', jobs) == jobs and redis.call('PTTL', key) < 0
  if is_new then
    redis.call('PEXPIRE', key, span[3])
  end
  return is_new
end

local function list_active(span, member)
  local key = prefix .. 'active:' .. slot_of(span)
  if redis.pcall('SADD', key, member) == 1 and redis.call('PTTL', key) < 0 then
    redis.call('PEXPIRE', key, span[5])
  end
end

-- Counts the jobs of one call, by tenant.
local function count_accepted(kind_code, jobs_of)
  local all = 0
  for tenant, jobs in pairs(jobs_of) do
    all = all + jobs
    local member = tenant .. ':' .. kind_code
    for _, span in ipairs(SPANS) do
      if count_in('counts:' .. member, span, jobs) and span[5] > 0 then
        list_active(span, member)
      end
    end
  end
  for _, span in ipairs(SPANS) do
    if span[4] and all > 0 then
      count_in('totals:' .. kind_code, span, all)
    end
  end
end
