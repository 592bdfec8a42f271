-- Finds the buckets without limits: Redis has lost them.
--
-- ARGV   [1] [2] see state.lua   [3] [4] ... tenant and class of each bucket
-- reply  the places of these buckets in the list, the first is 1
-- cost   O(buckets)
local found = {}
for at = 3, #ARGV, 2 do
  if not open_bucket(ARGV[at], ARGV[at + 1]).interval then
    found[#found + 1] = (at - 1) / 2
  end
end
return found
