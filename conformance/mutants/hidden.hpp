#pragma once
/// \file
/// What a mutant has to remember, on both backends: handles that all copies of a handle share.
///
///     class MutantLock : public WithHidden<ft::Lock, Numbers, ft::Semaphore> { ... hidden<Numbers>().first() ... };

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <tuple>

#include "conformance/mutants/altered_limits.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/portable_buffer.hpp"

namespace conformance::mutants {

/// Two numbers in the arena, zero at first. What they mean is the mutant's affair.
class Numbers {
  public:
    Numbers() : state_(freethreading::platform::make_object<State>()) {}
    explicit Numbers(freethreading::PortableInput& input)
        : state_(freethreading::platform::object_cast<State>(input.reference())) {}
    void save(freethreading::PortableOutput& output) const { output.reference(state_); }

    [[nodiscard]] std::atomic<std::int64_t>& first() const { return state_->first; }
    [[nodiscard]] std::atomic<std::int64_t>& second() const { return state_->second; }

  private:
    struct State : freethreading::platform::Object {
        std::atomic<std::int64_t> first{0};
        std::atomic<std::int64_t> second{0};
    };
    std::shared_ptr<State> state_;
};

/// Counts its caller for as long as it lives.
class Presence {
  public:
    explicit Presence(std::atomic<std::int64_t>& count) : count_(count) { ++count_; }
    ~Presence() { --count_; }
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

  private:
    std::atomic<std::int64_t>& count_;
};

/// Blocks until nobody is counted, for ever if some are dead: they will not be long otherwise.
inline void await_absence(const std::atomic<std::int64_t>& count) {
    for (int looks = 0; count > 0; ++looks) {
        if (looks == 1000) wait_in_vain();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// As a semaphore, with none at first.
struct Tokens : freethreading::Semaphore {
    Tokens() : freethreading::Semaphore(0) {}
    using freethreading::Semaphore::Semaphore;
};

/// One at a time may pass. Copies are the same gate.
template <int>
struct Gate : freethreading::Lock {
    Gate() = default;
    using freethreading::Lock::Lock;
};

/// A handle of the reference that carries others along. Each of them can be made without arguments.
template <class Base, class... Hidden>
class WithHidden : public Base {
  public:
    using Base::Base;
    // The elements of a braced list are made from left to right, as `save` wrote them.
    explicit WithHidden(freethreading::PortableInput& input)
        : Base(input), hidden_{Hidden(input)...} {}
    void save(freethreading::PortableOutput& output) const {
        Base::save(output);
        std::apply([&](const Hidden&... hidden) { (hidden.save(output), ...); }, hidden_);
    }

  protected:
    template <class T>
    [[nodiscard]] const T& hidden() const {
        return std::get<T>(hidden_);
    }

  private:
    std::tuple<Hidden...> hidden_{};
};

}  // namespace conformance::mutants
