#include "conformance/kit/alignment.hpp"

#include "conformance/wire/lane_writer.hpp"

namespace conformance::kit {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// Long enough for a sleeper to wake.
constexpr std::int64_t lead = 60'000;

/// Long enough for a worker that is just being started, short enough for one that is not.
constexpr std::int64_t spinning_time = 20'000;

}  // namespace

void Alignment::prepare(std::uint32_t expected) {
    expected_.store(expected, relaxed);
    come_.store(0, relaxed);
    started_.store(0, relaxed);
    moment_.store(0, relaxed);
}

void Alignment::arrive() {
    come_.fetch_add(1, relaxed);
    start_if_complete();
}

void Alignment::leave_out_one() {
    expected_.fetch_sub(1, relaxed);
    start_if_complete();
}

void Alignment::start_if_complete() {
    if (come_.load(relaxed) < expected_.load(relaxed)) return;
    std::int64_t none = 0;
    moment_.compare_exchange_strong(none, LaneWriter::now() + lead, relaxed);
    started_.store(1, relaxed);
    wake_all(started_);
}

void Alignment::await_start() {
    const std::int64_t patience = LaneWriter::now() + spinning_time;
    while (started_.load(relaxed) == 0) {
        if (LaneWriter::now() > patience) sleep_on(started_, 0);
    }
    const std::int64_t moment = moment_.load(relaxed);
    while (LaneWriter::now() < moment) {
    }
}

}  // namespace conformance::kit
