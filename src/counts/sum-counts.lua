-- Add up hashes of counts. It changes nothing.
--
-- ARGV   [1] prefix of the partition   [2] kind codes, one letter each: `mc`
--        then for each sum: the number of its tenants, and these; the number of its slots, and these
-- reply  for each sum a list: field, count, ...
-- cost   O(hashes and their fields); a sum has a hash for each tenant, kind and slot
local prefix, kind_codes = ARGV[1], ARGV[2]
local at = 3

local function take_list()
  local list = {}
  for index = at + 1, at + tonumber(ARGV[at]) do
    list[#list + 1] = ARGV[index]
  end
  at = at + 1 + #list
  return list
end

-- A key or a value that another program changed counts nothing.
local function add(sums, key)
  local hash = redis.pcall('HGETALL', key)
  for index = 1, #hash, 2 do
    local field = hash[index]
    sums[field] = (sums[field] or 0) + (tonumber(hash[index + 1]) or 0)
  end
end

local reply = {}
while at <= #ARGV do
  local tenants, slots, sums = take_list(), take_list(), {}
  for _, tenant in ipairs(tenants) do
    for kind_code in string.gmatch(kind_codes, '.') do
      local name = prefix .. 'counts:' .. tenant .. ':' .. kind_code .. ':'
      for _, slot in ipairs(slots) do
        add(sums, name .. slot)
      end
    end
  end
  local list = {}
  for field, count in pairs(sums) do
    list[#list + 1], list[#list + 2] = field, count
  end
  reply[#reply + 1] = list
end
return reply
