#pragma once
/// \file
/// The operations of a type are written down once, as a function that shows each to a visitor:
///
///     visit(Operation::release, [&](auto& lock) CONFORMANCE_KIT_CALL(lock.release()));
///
/// One visitor looks which of them compile, which makes the capabilities; another makes the call.

#include <bitset>
#include <type_traits>
#include <utility>

#include "conformance/kit/recorder.hpp"
#include "spec/scenario/call.hpp"

/// The body of a generic lambda that exists only if the expression compiles. A macro, since nothing
/// else can use an expression both as the condition and as the body.
#define CONFORMANCE_KIT_CALL(...) \
    ->decltype(__VA_ARGS__) {     \
        return __VA_ARGS__;       \
    }

namespace conformance::kit {

inline constexpr std::size_t operation_count = conformance::detail::operation_names.size();

class OperationSet {
  public:
    void add(Operation operation) { content_.set(static_cast<std::size_t>(operation)); }
    [[nodiscard]] bool has(Operation operation) const {
        return content_.test(static_cast<std::size_t>(operation));
    }
    [[nodiscard]] bool is_empty() const { return content_.none(); }

  private:
    std::bitset<operation_count> content_;
};

/// Notes which operations an object of this type would have, and which it has.
template <class Object>
class Survey {
  public:
    template <class Action, class... Describe>
    void operator()(Operation operation, const Action&, const Describe&...) {
        known.add(operation);
        if constexpr (std::is_invocable_v<const Action&, Object&>) present.add(operation);
    }
    OperationSet known{};
    OperationSet present{};
};

/// Makes the call, if it comes along.
template <class Traits, class Object>
class Execution {
  public:
    Execution(Recorder<Traits>& recorder, const Call& call, Object& object)
        : recorder_(recorder), call_(call), object_(object) {}

    template <class Action, class Describe = DescribeValue>
    void operator()(Operation operation, const Action& action, const Describe& describe = {}) {
        if constexpr (std::is_invocable_v<const Action&, Object&>) {
            if (operation != call_.operation || is_made_) return;
            is_made_ = true;
            has_returned_ = recorder_.record(
                call_.id, [&]() -> decltype(auto) { return action(object_); }, describe);
        }
    }
    [[nodiscard]] bool is_made() const { return is_made_; }
    [[nodiscard]] bool has_returned() const { return has_returned_; }

  private:
    Recorder<Traits>& recorder_;
    const Call& call_;
    Object& object_;
    bool is_made_ = false;
    bool has_returned_ = false;
};

}  // namespace conformance::kit
