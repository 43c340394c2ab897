#include "conformance/engine/session.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "conformance/engine/capabilities.hpp"
#include "conformance/engine/driver_connection.hpp"
#include "conformance/engine/driver_messages.hpp"
#include "conformance/engine/idle_watch.hpp"
#include "conformance/engine/judge.hpp"
#include "conformance/engine/program_end.hpp"
#include "conformance/engine/run_check.hpp"
#include "conformance/engine/stacks.hpp"
#include "conformance/wire/lane_slot.hpp"

namespace conformance {
namespace {

using Status = RunResult::Status;

/// Nearly every scenario is answered within this time; only later anybody looks at threads.
constexpr std::chrono::milliseconds patience{50};
constexpr std::chrono::milliseconds between_observations{100};
/// A suite of hangs shall end in bounded time: a debugger takes seconds.
constexpr int most_stacks = 8;
/// Helpers of an implementation may notice a moment later that the program has ended (rule 3.9).
constexpr std::chrono::seconds grace{5};

std::int64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Of a value in a lane, in bytes, where nothing has to be escaped.
std::size_t size_of(const Value& value) {
    if (value.is_string()) return value.as_string().size();
    if (value.is_bytes()) return 2 * value.as_bytes().content.size();
    std::size_t size = 0;
    if (value.is_list())
        for (const Value& element : value.as_list())
            size += 1 + size_of(element);
    return size;
}

}  // namespace

class Session::Implementation {
  public:
    explicit Implementation(SessionOptions options) : options_(std::move(options)) { connect(); }

    RunResult run(const Scenario& scenario);

    SessionOptions options_;
    Greeting greeting_;
    std::uint64_t starts_ = 0;

  private:
    /// A run on its way.
    struct Under {
        const Scenario& scenario;
        std::uint64_t number;
        std::int64_t sent;
        std::vector<std::size_t> seen{};  // of each lane, if the scenario has rounds
        bool is_judged = false;           // in the present standstill
    };

    void connect();
    [[nodiscard]] std::int64_t scaled(std::chrono::nanoseconds time) const {
        return static_cast<std::int64_t>(static_cast<double>(time.count()) * options_.time_scale);
    }
    RunResult await_answer(Under& run);
    /// Nothing if neither an answer nor an end has come.
    std::optional<RunResult> look(Under& run, IdleWatch& watch);
    [[nodiscard]] bool is_standstill(Under& run, const History& history,
                                     std::chrono::nanoseconds idle, std::int64_t time);
    RunResult answered(const Under& run);
    RunResult ended(const Under& run);
    RunResult ended_as_wanted(const Under& run);
    RunResult refused(const std::string& what);
    RunResult checked(const Under& run);
    /// A result that ends the driver.
    static RunResult fatal(Status status, std::string explanation) {
        return {.status = status, .explanation = std::move(explanation)};
    }
    void add_what_is_left(const Under& run, RunResult& result);
    void take_history(const Under& run, RunResult& result);
    [[nodiscard]] bool deserves_stacks(const Scenario& scenario, const RunResult& result);

    std::optional<DriverConnection> driver_;
    std::uint64_t next_run_ = 1;
    int stacks_taken_ = 0;
};

void Session::Implementation::connect() {
    driver_.emplace(options_);
    greeting_ = driver_->greeting();
    ++starts_;
}

RunResult Session::Implementation::run(const Scenario& scenario) {
    if (const auto missing = missing_capability(scenario, greeting_.capabilities))
        return {.status = Status::unsupported,
                .explanation = "the driver does not list " + *missing};
    if (scenario.workers.size() > static_cast<std::size_t>(options_.lanes))
        return {.status = Status::overflow,
                .explanation = "the scenario has more workers than lanes"};
    if (!driver_) connect();

    const std::uint64_t number = next_run_++;
    const std::string line = run_line(number, scenario);
    Under run{scenario, number, now()};
    RunResult result;
    try {
        const bool taken =
            driver_->process().send(line, std::chrono::nanoseconds(scaled(options_.longest_run)));
        result = taken || !driver_->process().ending().empty()
                     ? await_answer(run)
                     : fatal(Status::driver_fault,
                             "rule 3.1: the driver does not read its standard input");
    } catch (const BrokenProtocol& error) {
        result = fatal(Status::driver_fault, error.what());
    }
    result.ended = now();
    add_what_is_left(run, result);
    return result;
}

RunResult Session::Implementation::await_answer(Under& run) {
    LineReader& lines = driver_->process().lines();
    IdleWatch watch;
    std::chrono::nanoseconds time = patience;
    while (true) {
        switch (lines.next(time)) {
            case LineReader::Event::line:
                return answered(run);
            case LineReader::Event::end:
                // A program that ends closes its output before it waits for its workers.
                if (run.scenario.ends == ProgramEnd::none ||
                    !driver_->process().ending(time).empty())
                    return ended(run);
                break;
            case LineReader::Event::too_long:
                throw BrokenProtocol(
                    "rule 1.2: the driver wrote a line of more than 16 MiB; it begins " +
                    excerpt(lines.line()));
            case LineReader::Event::nothing:
                break;
        }
        if (auto result = look(run, watch)) return *std::move(result);
        time = between_observations;
    }
}

std::optional<RunResult> Session::Implementation::look(Under& run, IdleWatch& watch) {
    DriverProcess& process = driver_->process();
    process.error_output().trim();
    if (!process.ending().empty()) {
        // Its last line may have come since. Workers that live on may hold its output open.
        return process.lines().next({}) == LineReader::Event::line ? answered(run) : ended(run);
    }
    if (const std::string fault = driver_->fault_of_logs(); !fault.empty())
        return fatal(Status::driver_fault, fault);
    const std::int64_t limit = run.sent + scaled(options_.longest_run);
    // Of a long history only the end is looked at, or reading it would take longer than the run.
    const bool is_long = run.scenario.has_rounds();
    History history;
    try {
        history = is_long ? driver_->pending_calls(run.number, run.scenario, run.seen)
                          : driver_->read_history(run.number, run.scenario);
    } catch (const std::exception& error) {
        return fatal(Status::driver_fault, error.what());
    }
    std::size_t progress = progress_of(history);
    for (const std::size_t slots : run.seen)
        progress = hash_of_both(progress, slots);
    const Observation seen{.now = now(),
                           .threads = process.tree().threads(),
                           .deadline = last_deadline(run.scenario, history, limit),
                           .progress = progress};
    if (is_standstill(run, history, watch.observe(seen), seen.now)) {
        const auto is_empty = [](std::size_t slots) { return slots == 0; };
        if (history.entries.empty() && std::ranges::all_of(run.seen, is_empty))
            return fatal(
                Status::driver_fault,
                "rule 3.2: the driver took the scenario, made none of its calls, and is silent");
        return fatal(Status::stuck,
                     "nothing moves any more, and the scenario has not come to its end");
    }
    if (seen.now >= limit)
        return fatal(Status::over_time,
                     "the scenario had not come to its end when its time was up");
    return std::nullopt;
}

/// Patience is for those who would be blamed. To end a run early that conforms hides no more than a later
/// end does: a call that returns after the standstill is not seen in either case.
bool Session::Implementation::is_standstill(Under& run, const History& history,
                                            std::chrono::nanoseconds idle, std::int64_t time) {
    if (idle.count() >= scaled(options_.standstill)) return true;
    const bool may_be_early = idle.count() >= scaled(options_.standstill_as_it_should) &&
                              run.scenario.ends == ProgramEnd::none && !run.scenario.has_rounds();
    if (std::exchange(run.is_judged, may_be_early) || !may_be_early) return false;
    return judge(run.scenario, {.status = Status::stuck, .history = history, .ended = time})
               .verdict == Judgement::Verdict::conforms;
}

RunResult Session::Implementation::answered(const Under& run) {
    const Answer answer = parse_answer(driver_->process().lines().line(), run.number);
    if (driver_->process().lines().has_more())
        throw BrokenProtocol("rule 3.1: the driver wrote more than its answer");
    if (std::holds_alternative<Done>(answer)) {
        if (run.scenario.ends != ProgramEnd::none)
            throw BrokenProtocol("rule 3.9: the driver answered to a scenario that ends it");
        return checked(run);
    }
    if (const auto* const refusal = std::get_if<Unsupported>(&answer))
        return refused(refusal->what);
    if (const auto* const failure = std::get_if<Failed>(&answer))
        return fatal(Status::driver_fault, "the driver says that it failed: " + failure->why);
    return {.status = Status::overflow, .explanation = "a lane of the log had too few slots"};
}

RunResult Session::Implementation::checked(const Under& run) {
    RunResult result{.status = Status::completed};
    try {
        result.history = driver_->read_history(run.number, run.scenario);
    } catch (const std::exception& error) {
        return fatal(Status::driver_fault, error.what());
    }
    const std::string untruth = untruth_in(run.scenario, result.history, run.sent, now());
    if (!untruth.empty()) return fatal(Status::driver_fault, untruth);
    return result;
}

RunResult Session::Implementation::refused(const std::string& what) {
    if (has_capability(greeting_.capabilities, what))
        return {.status = Status::driver_fault,
                .explanation = "rule 2.4: the driver lists " + what +
                               ", and answers a scenario that it cannot do it"};
    return {.status = Status::unsupported, .explanation = "the driver does not support " + what};
}

RunResult Session::Implementation::ended(const Under& run) {
    DriverProcess& process = driver_->process();
    const std::string end = process.ending(std::chrono::seconds(2));
    if (run.scenario.ends != ProgramEnd::none && !end.empty()) {
        try {
            if (has_ended(driver_->read_history(run.number, run.scenario), 0))
                return ended_as_wanted(run);
        } catch (const std::exception& error) {
            return fatal(Status::driver_fault, error.what());
        }
    }
    if (end.empty())
        return fatal(Status::driver_fault,
                     "rule 1.3: the driver closed its standard output in the midst of run " +
                         std::to_string(run.number));
    // Whoever exits decided to; a signal, or a sanitizer, decides for him.
    const bool died = end.find("signal") != std::string::npos;
    return fatal(died ? Status::crashed : Status::driver_fault,
                 (died ? "" : "rule 3.4: ") + std::string("the driver ") + end +
                     " in the midst of run " + std::to_string(run.number));
}

RunResult Session::Implementation::ended_as_wanted(const Under& run) {
    DriverProcess& process = driver_->process();
    const int status = exit_status_of(*process.tree().leader_status());
    if (run.scenario.ends == ProgramEnd::by_death && status >= 0)
        return fatal(Status::driver_fault,
                     "rule 3.9: the driver " + process.ending() + " and should have killed itself");
    RunResult result{.status = Status::completed};
    result.end = {.time = now(),
                  .status = status,
                  .text = process.ending(),
                  .left_over = process.tree().await_end(std::chrono::nanoseconds(scaled(grace)))};
    // Only now: who goes on after the end tells so.
    result.history = driver_->read_history(run.number, run.scenario);
    cut_off(run.scenario, result.history);
    const std::string untruth = untruth_in(run.scenario, result.history, run.sent, now());
    if (!untruth.empty()) return fatal(Status::driver_fault, untruth);
    return result;
}

void Session::Implementation::add_what_is_left(const Under& run, RunResult& result) {
    DriverProcess& process = driver_->process();
    const bool goes_on =
        result.status == Status::unsupported ||
        (run.scenario.ends == ProgramEnd::none &&
         (result.status == Status::completed || result.status == Status::overflow));
    if (!goes_on) {
        // While it lives: whoever waits for a worker that is killed first sees it end, and records that.
        const bool lives = process.ending().empty();
        if (lives) take_history(run, result);
        if (deserves_stacks(run.scenario, result))
            result.stacks = stacks_of(process.tree().members());
        process.tree().kill_all();
        if (!lives && !result.end) take_history(run, result);
    }
    result.sanitizer_report = driver_->reports().take();
    if (!result.sanitizer_report.empty() && result.status == Status::driver_fault)
        result.status = Status::crashed;
    result.output = process.error_output().take();
    if (!goes_on) driver_.reset();
}

void Session::Implementation::take_history(const Under& run, RunResult& result) {
    try {
        result.history = driver_->read_history(run.number, run.scenario);
    } catch (const std::exception& error) {
        // Torn by the death of its writer; the sentence that led here counts.
        result.explanation += std::string(" (its log cannot be read: ") + error.what() + ')';
    }
}

/// A debugger takes seconds for each process, and many a scenario blocks for ever as it should.
bool Session::Implementation::deserves_stacks(const Scenario& scenario, const RunResult& result) {
    if (result.status != Status::stuck || !options_.want_stacks || stacks_taken_ == most_stacks ||
        judge(scenario, result).verdict == Judgement::Verdict::conforms)
        return false;
    ++stacks_taken_;
    return true;
}

int slots_of(const Scenario& scenario) {
    std::int64_t slots = scenario.has_rounds() ? slots_with_rounds : 0;
    std::int64_t slots_of_values = 0;
    for (const WorkerPlan& worker : scenario.workers) {
        slots = std::max(slots, 1 + static_cast<std::int64_t>(worker.calls.size()) * worker.repeat);
        for (const Call& call : worker.calls)
            for (const Value& value : call.arguments)
                slots_of_values +=
                    static_cast<std::int64_t>(LaneSlot::slots_for(size_of(value))) - 1;
    }
    slots += slots_of_values;  // one worker may be given them all
    return static_cast<int>(std::min<std::int64_t>(slots, std::numeric_limits<int>::max()));
}

Session::Session(SessionOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}
Session::~Session() = default;
const Greeting& Session::greeting() const {
    return implementation_->greeting_;
}
const SessionOptions& Session::options() const {
    return implementation_->options_;
}
RunResult Session::run(const Scenario& scenario) {
    return implementation_->run(scenario);
}
std::uint64_t Session::starts() const {
    return implementation_->starts_;
}

}  // namespace conformance
