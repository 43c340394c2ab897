#pragma once
/// \file
/// Talks to a driver as the runner does, for tests of drivers.
///
///     DriverClient driver({"path/to/driver"}, {{"FREETHREADING_BACKEND", "threading"}});
///     driver.greet("threading");
///     driver.run(R"({"version": 1, "workers": [{"id": 0}]})");   // {"done":1}
///     driver.history();
///
/// Every answer is waited for; a driver that does not give it in a minute is an exception. The
/// driver and its session are killed at the end.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/wire/lane_reader.hpp"

namespace conformance {

class DriverClient {
  public:
    using Variables = std::vector<std::pair<std::string, std::string>>;
    explicit DriverClient(const std::string& program, const Variables& environment = {});
    DriverClient(const DriverClient&) = delete;
    DriverClient& operator=(const DriverClient&) = delete;
    ~DriverClient();

    /// Sends a line. Returns the next line of the driver's; nothing if it has ended its output.
    std::optional<std::string> ask(std::string line);

    /// Sends the greeting, and returns the answer.
    std::string greet(std::string_view backend, std::size_t lanes = 8, std::size_t slots = 64);
    /// Sends a scenario under the next number, and returns the answer.
    std::string run(std::string_view scenario);
    /// The number of the last scenario.
    [[nodiscard]] std::uint64_t number() const { return number_; }

    /// Of the last scenario.
    [[nodiscard]] History history() const;
    /// The entry of a call of the last scenario; of a worker's life.
    [[nodiscard]] Entry entry(Id call) const;
    [[nodiscard]] Entry life(Id worker) const;

    /// Ends the driver's input. Returns its exit status, or -1 if it was killed.
    int finish();

    [[nodiscard]] const std::filesystem::path& logs() const { return logs_; }

  private:
    std::optional<std::string> read_line();

    std::filesystem::path logs_;
    pid_t process_ = 0;
    int input_ = -1;
    int output_ = -1;
    std::string received_;
    std::uint64_t number_ = 0;
    std::string scenario_;
};

}  // namespace conformance
