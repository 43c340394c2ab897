#include "conformance/engine/driver_connection.hpp"

#include <algorithm>
#include <system_error>

#include "conformance/engine/driver_messages.hpp"
#include "conformance/wire/lane_slot.hpp"

namespace conformance {
namespace {

constexpr std::chrono::seconds greeting_limit{60};

std::chrono::nanoseconds scaled(std::chrono::nanoseconds time, double scale) {
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(time.count()) * scale));
}

/// Of lanes the driver need not allocate all (rule 4.1): a full disk would end it by a signal.
const RunFolder& require_space(const RunFolder& folder, std::uintmax_t bytes) {
    std::error_code error;
    const auto space = std::filesystem::space(folder.path(), error);
    if (!error && space.available < bytes)
        throw UnusableDriver("there is no room for the logs: they may take " +
                             std::to_string(bytes) + " bytes in " + folder.path().string());
    return folder;
}

DriverProcess::Start how_to_start(const SessionOptions& options, const RunFolder& folder,
                                  const SanitizerReports& reports) {
    DriverProcess::Start start{.command = options.command,
                               .environment = reports.environment(),
                               .mark = "FREETHREADING_RUN=" + folder.path().string()};
    start.environment.push_back("FREETHREADING_BACKEND=" + options.backend);
    return start;
}

}  // namespace

DriverConnection::DriverConnection(const SessionOptions& options)
    : lane_size_(sizeof(LaneSlot) * static_cast<std::uintmax_t>(options.slots)),
      lane_count_(options.lanes),
      folder_(lane_size_ * static_cast<std::uintmax_t>(options.lanes)),
      reports_(
          require_space(folder_, lane_size_ * static_cast<std::uintmax_t>(lane_count_)).path() /
          "sanitizers"),
      process_(how_to_start(options, folder_, reports_)) {
    try {
        greeting_ = greet(options);
        if (const std::string fault = fault_of_logs(); !fault.empty()) throw UnusableDriver(fault);
        lanes_.emplace(folder_.path());
    } catch (const UnusableDriver& error) {
        throw UnusableDriver(error.what() + last_words(process_.error_output().take()));
    } catch (const std::exception& error) {
        throw UnusableDriver(error.what() + last_words(process_.error_output().take()));
    }
}

std::string DriverConnection::await_greeting(std::chrono::nanoseconds limit) {
    switch (process_.lines().next(limit)) {
        case LineReader::Event::line:
            return process_.lines().line();
        case LineReader::Event::too_long:
            throw BrokenProtocol(
                "rule 1.2: the driver's first line is longer than 16 MiB; it begins " +
                excerpt(process_.lines().line()));
        case LineReader::Event::nothing: {
            const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
            throw BrokenProtocol("rule 2.2: the driver did not greet within " +
                                 std::to_string(milliseconds.count()) + " ms");
        }
        case LineReader::Event::end:
            break;
    }
    const std::string end = process_.ending(std::chrono::seconds(2));
    const std::string& rest = process_.lines().line();
    throw BrokenProtocol("rule 2.2: the driver " +
                         (end.empty() ? "closed its standard output" : end) +
                         " before it had greeted" +
                         (rest.empty() ? "" : ", in the midst of the line " + excerpt(rest)));
}

Greeting DriverConnection::greet(const SessionOptions& options) {
    const auto limit = scaled(greeting_limit, options.time_scale);
    const std::string hello =
        hello_line(options.backend, folder_.path(), options.lanes, options.slots);
    // A driver that ended before it read this may have left a line that says why.
    static_cast<void>(process_.send(hello, limit));
    Greeting greeting = parse_greeting(await_greeting(limit));
    if (greeting.protocol != protocol_version)
        throw UnusableDriver("rule 2.2: the driver speaks version " +
                             std::to_string(greeting.protocol) + " of the protocol, and this is " +
                             std::to_string(protocol_version));
    if (std::ranges::find(greeting.backends, options.backend) == greeting.backends.end())
        throw UnusableDriver("rule 2.2: the driver does not offer the backend \"" +
                             options.backend + '"');
    return greeting;
}

std::string DriverConnection::fault_of_logs() const {
    for (int lane = 0; lane < lane_count_; ++lane) {
        const auto file = folder_.path() / ("lane-" + std::to_string(lane));
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(file, error);
        if (error) return "rule 4.1: the driver made no file lane-" + std::to_string(lane);
        if (size != lane_size_)
            return "rule 4.1: the file lane-" + std::to_string(lane) + " has " +
                   std::to_string(size) + " bytes, not " + std::to_string(lane_size_);
    }
    return {};
}

}  // namespace conformance
