#pragma once
/// \file
/// What a driver is told: sections 2 and 3 of the driver protocol, from the driver's side.
///
///     const DriverRequest request = driver_request_from_json(line);
///     if (const auto* run = std::get_if<RunRequest>(&request)) ...
///
/// Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "conformance/wire/scenario_json.hpp"

namespace conformance {

struct HelloRequest {
    static constexpr std::int64_t protocol = 1;
    std::string backend{};
    std::string logs{};  ///< a folder
    std::size_t lanes = 0;
    std::size_t slots = 0;  ///< of each lane
};

struct RunRequest {
    std::uint64_t run = 0;
    Scenario scenario{};
};

using DriverRequest = std::variant<HelloRequest, RunRequest>;

/// Of a message that tells at least its run, so that the answer can name it.
class MalformedScenario : public MalformedMessage {
  public:
    MalformedScenario(std::uint64_t run, const std::string& what)
        : MalformedMessage(what), run_(run) {}
    [[nodiscard]] std::uint64_t run() const { return run_; }

  private:
    std::uint64_t run_;
};

/// Throws MalformedMessage.
[[nodiscard]] DriverRequest driver_request_from_json(std::string_view line);

}  // namespace conformance
