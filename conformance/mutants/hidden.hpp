#pragma once
/// \file
/// What a mutant has to remember, on both backends: handles that all copies of a handle share.
///
///     class MutantLock : public WithHidden<ft::Lock, Numbers, ft::Semaphore> { ... hidden<Numbers>().first() ... };

#include <atomic>
#include <cstdint>
#include <memory>
#include <tuple>

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
