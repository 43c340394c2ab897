#include "driver_client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace conformance {
namespace {

constexpr int patience_ms = 60'000;

std::filesystem::path make_folder() {
    std::string name = std::filesystem::temp_directory_path() / "driver-client-XXXXXX";
    if (mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return name;
}

/// The two ends of a pipe that no other child inherits.
std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    return ends;
}

}  // namespace

DriverClient::DriverClient(const std::string& program, const Variables& environment)
    : logs_(make_folder()) {
    signal(SIGPIPE, SIG_IGN);
    const auto to_driver = make_pipe();
    const auto from_driver = make_pipe();
    process_ = fork();
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (process_ == 0) {
        setsid();
        dup2(to_driver[0], STDIN_FILENO);
        dup2(from_driver[1], STDOUT_FILENO);
        for (const auto& [name, value] : environment)
            setenv(name.c_str(), value.c_str(), 1);
        execl(program.c_str(), program.c_str(), nullptr);
        _exit(127);
    }
    close(to_driver[0]);
    close(from_driver[1]);
    input_ = to_driver[1];
    output_ = from_driver[0];
}

DriverClient::~DriverClient() {
    if (process_ > 0) {
        kill(-process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    if (input_ >= 0) close(input_);
    close(output_);
    std::filesystem::remove_all(logs_);
}

std::optional<std::string> DriverClient::read_line() {
    for (;;) {
        if (const auto end = received_.find('\n'); end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            return line;
        }
        pollfd ready{.fd = output_, .events = POLLIN, .revents = 0};
        if (poll(&ready, 1, patience_ms) <= 0) throw std::runtime_error("the driver is silent");
        std::array<char, 4096> buffer;
        const ssize_t size = read(output_, buffer.data(), buffer.size());
        if (size <= 0) return std::nullopt;
        received_.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

std::optional<std::string> DriverClient::ask(std::string line) {
    line += '\n';
    for (std::size_t written = 0; written < line.size();) {
        const ssize_t size = write(input_, line.data() + written, line.size() - written);
        if (size < 0) return std::nullopt;
        written += static_cast<std::size_t>(size);
    }
    return read_line();
}

std::string DriverClient::greet(std::string_view backend, std::size_t lanes, std::size_t slots) {
    return ask(R"({"hello":{"protocol":1,"backend":")" + std::string(backend) + R"(","logs":")" +
               logs_.string() + R"(","lanes":)" + std::to_string(lanes) + R"(,"slots":)" +
               std::to_string(slots) + "}}")
        .value_or("");
}

std::string DriverClient::run(std::string_view scenario) {
    scenario_ = scenario;
    std::erase(scenario_, '\n');
    return ask("{\"run\":" + std::to_string(++number_) + ",\"scenario\":" + scenario_ + "}")
        .value_or("");
}

History DriverClient::history() const {
    return LaneReader(logs_).read(number_, scenario_from_json(scenario_));
}

Entry DriverClient::entry(Id call) const {
    for (const Entry& entry : history().entries) {
        if (entry.call.id == call) return entry;
    }
    throw std::runtime_error("call " + std::to_string(call) + " was not made");
}

Entry DriverClient::life(Id worker) const {
    for (const Entry& entry : history().entries) {
        if (entry.call.operation == Operation::run && entry.worker == worker) return entry;
    }
    throw std::runtime_error("worker " + std::to_string(worker) + " did not run");
}

int DriverClient::finish() {
    close(input_);
    input_ = -1;
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace conformance
