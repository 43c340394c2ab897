#include "conformance/wire/driver_request.hpp"

#include "conformance/wire/json_reading.hpp"

namespace conformance {
namespace {

using json_reading::integer;
using json_reading::Json;
using json_reading::member;
using json_reading::text;

/// So that a size in bytes cannot overflow, nor the number of a run resemble text (rule 4.2).
constexpr std::int64_t most_slots = std::int64_t{1} << 32;
constexpr std::int64_t most_lanes = std::int64_t{1} << 16;
constexpr std::int64_t last_run = (std::int64_t{1} << 53) - 1;

HelloRequest hello(const Json& json) {
    if (integer(member(json, "protocol", "2.1"), "2.1", "protocol") != HelloRequest::protocol)
        json_reading::reject("2.1", "only version 1 of the protocol is known");
    return {.backend = text(member(json, "backend", "2.1"), "2.1", "backend"),
            .logs = text(member(json, "logs", "2.1"), "2.1", "logs"),
            .lanes = static_cast<std::size_t>(
                integer(member(json, "lanes", "2.1"), "2.1", "lanes", 1, most_lanes)),
            .slots = static_cast<std::size_t>(
                integer(member(json, "slots", "2.1"), "2.1", "slots", 1, most_slots))};
}

}  // namespace

DriverRequest driver_request_from_json(std::string_view line) {
    const Json json = json_reading::parse(line);
    if (!json.is_object()) json_reading::reject("1.2", "a message is an object");
    if (const Json* const greeting = json_reading::optional_member(json, "hello"))
        return hello(*greeting);
    const auto run =
        static_cast<std::uint64_t>(integer(member(json, "run", "3.1"), "3.1", "run", 1, last_run));
    try {
        return RunRequest{.run = run,
                          .scenario = json_reading::scenario(member(json, "scenario", "3.1"))};
    } catch (const MalformedMessage& malformed) {
        throw MalformedScenario(run, malformed.what());
    }
}

}  // namespace conformance
