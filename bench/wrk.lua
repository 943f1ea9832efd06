-- Sends the calls of a file in turn, each line being "METHOD<tab>path<tab>body", and prints what happened as JSON.
-- wrk -s bench/wrk.lua ADDRESS -- CALLS; the environment variable BENCH_TOKEN is the access token.

local calls, position = {}, 0

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
  for line in io.lines(arguments[1]) do
    local method, path, body = line:match("^(%S+)\t(%S+)\t(.*)$")
    wrk.headers["Content-Type"] = body ~= "" and "application/json" or nil
    calls[#calls + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
  end
end

function request()
  position = position % #calls + 1
  return calls[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%.6f,"received_bytes":%d,"p50":%.6f,"p99":%.6f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
