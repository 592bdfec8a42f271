--[[
Ends the claim of a request, and never that of another one.

  ARGV[1]  key of the claim
  ARGV[2]  name of the request

Reply: the number of claims that ended. Cost: O(1).
]]
if redis.call('GET', ARGV[1]) ~= ARGV[2] then
  return 0
end
return redis.call('DEL', ARGV[1])
