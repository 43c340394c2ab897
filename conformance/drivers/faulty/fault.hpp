#pragma once
/// \file
/// Which fault the driver has, and what the faulty types are made of. Workers are threads here.

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace conformance::faulty {

enum class Fault : std::uint8_t {
    none,
    condition,  ///< a wake-up is lost that comes just after the lock was released
    lock,       ///< tests and sets in two steps
    barrier,    ///< who comes again before all have left passes with the generation before
    semaphore,  ///< one acquire of 100,000 succeeds in any case
    queue,      ///< of two puts that are woken together on a full queue one loses its item
    join,       ///< misses a task_done that comes just after it has looked
    future      ///< a cancel that comes just as the task starts succeeds
};
inline constexpr std::array<std::string_view, 8> fault_names{
    "none", "condition", "lock", "barrier", "semaphore", "queue", "join", "future"};

/// Set once, before the driver runs.
inline Fault present_fault = Fault::none;

/// When a call has to give up; never, for no time-out.
class GivesUp {
  public:
    explicit GivesUp(freethreading::Timeout timeout) {
        if (const auto nanoseconds = timeout.nanoseconds())
            at_ = std::chrono::steady_clock::now() + std::chrono::nanoseconds(*nanoseconds);
    }
    [[nodiscard]] const auto& at() const { return at_; }

  private:
    std::optional<std::chrono::steady_clock::time_point> at_{};
};

/// Rings for all who sleep on it.
class Bell {
  public:
    [[nodiscard]] std::uint64_t rings() {
        const std::lock_guard lock(mutex_);
        return rings_;
    }
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            ++rings_;
        }
        changed_.notify_all();
    }
    /// Until it has rung more often than `seen`. False if the time is up before.
    [[nodiscard]] bool wait(std::uint64_t seen, const GivesUp& limit) {
        std::unique_lock lock(mutex_);
        const auto has_rung = [&] { return rings_ != seen; };
        if (limit.at()) return changed_.wait_until(lock, *limit.at(), has_rung);
        changed_.wait(lock, has_rung);
        return true;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t rings_ = 0;
};

/// A handle of the reference that has a State besides, which all its copies share, also those that
/// went to other workers.
template <class Base, class State>
class WithState : public Base {
  public:
    using Base::Base;
    explicit WithState(freethreading::PortableInput& input) : Base(input), state_(found(input)) {}
    void save(freethreading::PortableOutput& output) const {
        Base::save(output);
        const std::lock_guard lock(registry().mutex);
        const auto id = reinterpret_cast<std::uint64_t>(state_.get());
        registry().states[id] = state_;
        output.write(&id, sizeof id);
    }

  protected:
    [[nodiscard]] State& state() const { return *state_; }

  private:
    struct Registry {
        std::mutex mutex{};
        std::map<std::uint64_t, std::weak_ptr<State>> states{};
    };
    static Registry& registry() {
        static Registry all;
        return all;
    }
    static std::shared_ptr<State> found(freethreading::PortableInput& input) {
        std::uint64_t id = 0;
        input.read(&id, sizeof id);
        const std::lock_guard lock(registry().mutex);
        const auto state = registry().states.find(id);
        if (state == registry().states.end()) freethreading::PortableInput::reject("no such state");
        return state->second.lock();
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace conformance::faulty
