#pragma once
/// \file
/// The messages between runner and driver: sections 1 to 3 of the driver protocol. Pure.

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <variant>

#include "conformance/engine/greeting.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance {

/// The driver broke the protocol. `what()` is one sentence that names the rule.
class BrokenProtocol : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

inline constexpr int protocol_version = 1;

/// Lines without their newline.
[[nodiscard]] std::string hello_line(const std::string& backend, const std::filesystem::path& logs,
                                     int lanes, int slots);
[[nodiscard]] std::string run_line(std::uint64_t run, const Scenario& scenario);

/// Throws BrokenProtocol, or UnusableDriver if the driver says why it cannot be used.
[[nodiscard]] Greeting parse_greeting(const std::string& line);

struct Done {};
struct Unsupported {
    std::string what;
};
struct Failed {
    std::string why;
};
struct Overflow {};
using Answer = std::variant<Done, Unsupported, Failed, Overflow>;

/// Throws BrokenProtocol.
[[nodiscard]] Answer parse_answer(const std::string& line, std::uint64_t run);

/// How a line begins, in quotation marks, with what cannot be printed left out.
[[nodiscard]] std::string excerpt(const std::string& line);

}  // namespace conformance
