#pragma once
/// \file
/// Writes down what one worker does in one run: rules 4.3 to 4.5 of the driver protocol.
///
///     LaneWriter writer(files.lane(1), run, worker);   // its life begins
///     writer.invoke(call.id);
///     const bool result = lock.acquire();
///     const std::int64_t time = LaneWriter::now_after_call();
///     writer.respond(time, LaneWriter::Result::value, "true");
///     writer.end_life();
///
/// A call costs two readings of the clock and stores into memory that nobody else writes. Once the
/// lane is full nothing is written any more. Used by one thread; never blocks or throws.
///
/// Memory ordering: none between workers. A reader that sees the number of the run sees the
/// invocation; one that sees the state sees the response.

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "conformance/wire/lane_slot.hpp"
#include "spec/scenario/call.hpp"

namespace conformance {

class LaneWriter {
  public:
    enum class Result : std::uint32_t { value = 0, error = 1 };

    /// Writes the slot of the worker's life. `lane` has one slot at least.
    LaneWriter(std::span<LaneSlot> lane, std::uint64_t run, Id worker)
        : lane_(lane), run_(run), worker_(worker) {
        invoke(LaneSlot::whole_life);
    }

    /// The clock of all times.
    [[nodiscard]] static std::int64_t now() {
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    }

    /// The time after a call. A processor may keep a call's last stores to itself for a while, and begin with a
    /// call's first loads while it still reads the clock: either would make a call seem to be over before it had
    /// an effect, or to begin after it had seen something. So the clock is read between fences.
    [[nodiscard]] static std::int64_t now_after_call() {
#if defined(__x86_64__)
        asm volatile("mfence" ::: "memory");  // clock_gettime has the other one
#elif defined(__aarch64__)
        asm volatile("dsb ish" ::: "memory");
#else
        std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
        return now();
    }

    /// Before a call.
    void invoke(Id call) {
        const std::int64_t time = now_before_call();
        is_recording_ = next_ < lane_.size();
        if (!is_recording_) {
            overflowed_ = true;
            return;
        }
        LaneSlot& slot = lane_[next_];
        slot.worker = worker_;
        slot.call = call;
        std::atomic_ref(slot.state).store(LaneSlot::invoked_state, std::memory_order_relaxed);
        slot.invoked = time;
        std::atomic_ref(slot.run).store(run_, std::memory_order_release);
        current_ = next_++;
    }

    /// After the call, which ended before `time`.
    void respond(std::int64_t time, Result result, std::string_view text) {
        if (!is_recording_) return;
        const std::size_t more = LaneSlot::slots_for(text.size()) - 1;
        if (more > lane_.size() - next_) {
            overflowed_ = true;
            return;
        }
        LaneSlot& slot = lane_[current_];
        const std::size_t here = std::min(text.size(), LaneSlot::text_capacity);
        std::memcpy(slot.text.data(), text.data(), here);
        if (more > 0) write_rest(text.substr(here), more);
        slot.text_size = static_cast<std::uint32_t>(text.size());
        slot.outcome = static_cast<std::uint32_t>(result);
        slot.responded = time;
        std::atomic_ref(slot.state).store(LaneSlot::responded_state, std::memory_order_release);
    }

    /// After the worker's last call.
    void end_life() {
        current_ = 0;
        is_recording_ = true;
        respond(now(), Result::value, "null");
    }

    /// Whether something could not be written.
    [[nodiscard]] bool overflowed() const { return overflowed_; }

  private:
    [[nodiscard]] static std::int64_t now_before_call() {
        const std::int64_t time = now();
#if defined(__x86_64__)
        asm volatile("lfence" ::: "memory");
#elif defined(__aarch64__)
        asm volatile("isb" ::: "memory");
#else
        std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
        return time;
    }

    // What is left over of the last slot is overwritten, or it might begin with what looks like the
    // number of a later run.
    void write_rest(std::string_view rest, std::size_t slots) {
        auto* const bytes = reinterpret_cast<char*>(&lane_[next_]);
        std::memset(bytes + (slots - 1) * sizeof(LaneSlot), 0xff, sizeof(std::uint64_t));
        std::memcpy(bytes, rest.data(), rest.size());
        next_ += slots;
    }

    std::span<LaneSlot> lane_;
    std::uint64_t run_;
    Id worker_;
    std::size_t next_ = 0;
    std::size_t current_ = 0;
    bool is_recording_ = false;
    bool overflowed_ = false;
};

}  // namespace conformance
