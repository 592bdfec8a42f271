-- Counts of accepted jobs, for accept.lua. Needs the table SPANS of spans.ts, and `now` and `prefix`
-- of state.lua.
--
-- cost   one command for each span, and two more when a hash is new; for all tenants together the same

-- A key that another program changed must not refuse the jobs. Only the first count of this field can be
-- in a new hash.
local function count_in(name, span, jobs)
  local key = prefix .. name .. ':' .. string.format('%s%d', span[1], math.floor(now / span[2]))
  if redis.pcall('HINCRBY', key, 'accepted', jobs) == jobs and redis.call('PTTL', key) < 0 then
    redis.call('PEXPIRE', key, span[3])
  end
end

-- Counts the jobs of one call, by tenant.
local function count_accepted(kind_code, jobs_of)
  local all = 0
  for tenant, jobs in pairs(jobs_of) do
    all = all + jobs
    for _, span in ipairs(SPANS) do
      count_in('counts:' .. tenant .. ':' .. kind_code, span, jobs)
    end
  end
  for _, span in ipairs(SPANS) do
    if span[4] and all > 0 then
      count_in('totals:' .. kind_code, span, all)
    end
  end
end
