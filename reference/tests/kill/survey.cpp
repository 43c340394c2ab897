#include "survey.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <utility>

#include "../sanitizer.hpp"
#include "arena_fault.hpp"
#include "freethreading/platform/process.hpp"

namespace kill_tests {
namespace {

using freethreading::platform::arena_use;

std::size_t read_stride() {
    const char* const text = std::getenv("FREETHREADING_KILL_STRIDE");
    const auto stride = text != nullptr ? std::strtoul(text, nullptr, 10) : 0;
    return std::max(stride, 1UL) * (is_sanitized ? 101 : 1);
}

// After which it does not learn new ways any more: there would be no end of it.
constexpr int most_ways = 100;
// Runs before the first that counts, after which the arena looks as it does after every one.
constexpr int rehearsals = 3;

std::uint64_t tries_of_all_surveys = 0;

// What the watchdog says, composed beforehand: that cannot be done in a signal handler.
char last_words[1024];

void bark(int) {
    const bool said = write(STDERR_FILENO, last_words, std::strlen(last_words)) >= 0;
    _exit(said ? 1 : 2);
}

int failures_so_far() {
    const auto& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    int failures = 0;
    for (int i = 0; i < result.total_part_count(); ++i)
        failures += result.GetTestPartResult(i).failed() ? 1 : 0;
    return failures;
}

}  // namespace

bool Survey::possible() {
    return freethreading::platform::mode().worker_processes;
}

Survey::Survey(std::string operation) : operation_(std::move(operation)), stride_(read_stride()) {
    for (const int alert : {SIGALRM, SIGSEGV, SIGBUS, SIGABRT})
        signal(alert, bark);
    before_ = arena_use();
}

Survey::~Survey() {
    alarm(0);
    tries_of_all_surveys += tries_;
    std::cout << "[ STATES   ] " << operation_ << ": " << tries_ << " (asleep: " << tries_asleep_
              << ", ways: " << ways_ << ", not reached again: " << missed() << "); "
              << tries_of_all_surveys << " so far in all" << std::endl;
    testing::Test::RecordProperty("states", std::to_string(tries_));
}

void Survey::begin_run() {
    board().clear();
    place_ = "before the operation";
    tried_ = false;
    astray_ = false;
    is_recording_ = trace_.empty();
    prepare_last_words();
    alarm(90);
}

void Survey::prepare_last_words() const {
    const auto text = operation_ + ", state " + std::to_string(next_) + ", " + place_ +
                      ": the living hang or crash\n";
    std::strncpy(last_words, text.c_str(), sizeof last_words - 1);
}

bool Survey::drive(Victim& victim, const Interplay& interplay) {
    if (rehearsals_ < rehearsals) {
        ++rehearsals_;
        return kill_or_interrupt(victim, interplay);
    }
    if (trace_.empty()) {
        record(victim, interplay);
        learn_way();
        victim.let_go();
        return true;
    }
    tried_ = true;
    astray_ = !replay(victim, interplay);
    place_ = victim.place();
    prepare_last_words();
    if (!astray_) tries_asleep_ += victim.asleep() ? 1 : 0;
    return kill_or_interrupt(victim, interplay);
}

bool Survey::kill_or_interrupt(Victim& victim, const Interplay& interplay) const {
    if (interplay.meanwhile == nullptr || astray_) {
        victim.kill();
        return false;
    }
    interplay.meanwhile();
    // If it sleeps it is to be woken.
    if (!victim.asleep()) victim.let_go();
    return true;
}

void Survey::record(Victim& victim, const Interplay& interplay) {
    bool interfered = false;
    std::uint64_t way = 0;
    for (auto event = Victim::Event::stepped; event != Victim::Event::left;) {
        const bool now =
            !interfered && interplay.may_interfere != nullptr && interplay.may_interfere();
        way = (way ^ (victim.address() << 1) ^ (victim.asleep() ? 1 : 0)) * 0x9e3779b97f4a7c15ULL;
        way ^= way >> 29;
        trace_.push_back({victim.address(), victim.asleep(), now, way});
        if (now) interplay.interfere();
        interfered = interfered || now;
        if (victim.asleep()) interplay.wake();
        place_ = victim.place();
        event = victim.step();
        if (event == Victim::Event::ended) break;
    }
}

void Survey::learn_way() {
    ++ways_;
    for (const State& state : trace_)
        known_.insert(state.way);
    find_next();
}

void Survey::find_next() {
    for (next_ = 0; next_ < trace_.size() && done_.contains(trace_[next_].way);)
        ++next_;
}

bool Survey::replay(Victim& victim, const Interplay& interplay) {
    std::size_t here = 0;
    for (std::size_t there = 0; there < next_; ++there) {
        if (!trace_[there].asleep && !trace_[there].interferes) continue;
        if (!advance(victim, here, there)) return false;
        if (trace_[there].interferes) interplay.interfere();
        if (trace_[there].asleep) interplay.wake();
        here = there;
    }
    return advance(victim, here, next_);
}

// The cheapest way: a breakpoint where the victim comes by only a few times before, then steps.
bool Survey::advance(Victim& victim, std::size_t from, std::size_t to) const {
    std::size_t start = from;
    // The rest of an instruction in which it sleeps cannot be run but only stepped.
    if (start < to && trace_[start].asleep) {
        if (victim.step() != Victim::Event::stepped) return false;
        ++start;
    }
    std::map<std::uint64_t, std::size_t> visits;
    std::size_t best = start;
    std::size_t best_cost = to - start;
    for (std::size_t i = start + 1; i <= to; ++i) {
        if (trace_[i].asleep) continue;
        const auto times = ++visits[trace_[i].address];
        const auto cost = 3 * times + (to - i);
        if (cost >= best_cost) continue;
        best = i;
        best_cost = cost;
    }
    if (best != start) {
        const auto& target = trace_[best].address;
        const auto times = static_cast<std::size_t>(
            std::count_if(trace_.begin() + static_cast<std::ptrdiff_t>(start) + 1,
                          trace_.begin() + static_cast<std::ptrdiff_t>(best) + 1,
                          [&](const State& state) { return state.address == target; }));
        if (!victim.run_to(target, times)) return false;
    }
    for (std::size_t i = best; i < to; ++i) {
        const auto event = victim.step();
        if (event == Victim::Event::left || event == Victim::Event::ended) return false;
    }
    return victim.address() == trace_[to].address && victim.asleep() == trace_[to].asleep;
}

void Survey::end_run() {
    if (freethreading::platform::root().fork_server_dead.load() != 0) bark(SIGABRT);
    const auto all_is_back = [this] {
        // A process remembers its children until it next looks for the living.
        if (!freethreading::active_children().empty()) return false;
        const auto now = arena_use();
        return now.blocks == before_.blocks && now.bytes == before_.bytes;
    };
    EXPECT_TRUE(eventually(all_is_back))
        << arena_use().blocks << " blocks and " << arena_use().bytes << " bytes in use, where "
        << before_.blocks << " and " << before_.bytes << " were before";
    EXPECT_EQ(find_fault_in_arena(), "");
    before_ = arena_use();
    if (const int failures = failures_so_far(); failures != failures_) {
        failures_ = failures;
        ++failed_runs_;
        std::cout << "[ STATES   ] " << operation_ << ", state " << next_ << ": " << place_
                  << std::endl;
    }
    if (!tried_) return;
    // A run that took another way tried a state all the same, but not the one that is due.
    ++tries_;
    if (astray_) {
        if (++attempts_ < 5) return;
        attempts_ = 0;
        if (ways_ < most_ways) return trace_.clear();
    } else {
        ++reached_;
    }
    attempts_ = 0;
    for (std::size_t i = next_; i < std::min(next_ + stride_, trace_.size()); ++i)
        done_.insert(trace_[i].way);
    find_next();
}

}  // namespace kill_tests
