#pragma once
/// \file
/// The arguments of a call as a driver needs them, and what stands for those that are left out.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/kit/driver_fault.hpp"
#include "conformance/kit/environment.hpp"
#include "conformance/kit/task_functions.hpp"
#include "conformance/wire/scenario_json.hpp"

namespace conformance::kit {

/// Throws DriverFault where an argument is not of the kind that the protocol says.
template <class Traits>
class Arguments {
  public:
    Arguments(Environment<Traits>& environment, const List& arguments, TimeLimit limit = {})
        : environment_(environment), arguments_(arguments), limit_(limit) {}

    [[nodiscard]] Environment<Traits>& environment() const { return environment_; }
    /// The implementation's own time-out. May throw, as a number that is none does; so it belongs
    /// to the call.
    [[nodiscard]] auto timeout() const { return Traits::timeout(limit_); }
    [[nodiscard]] auto timeout(std::size_t index) const {
        return Traits::timeout(limit_of(at(index)));
    }

    [[nodiscard]] const Value& at(std::size_t index) const {
        // Never destroyed: workers may go on when main has returned.
        static const auto& nothing = *new Value;
        return index < arguments_.size() ? arguments_[index] : nothing;
    }
    [[nodiscard]] bool flag(std::size_t index, bool otherwise = false) const {
        if (at(index).is_null()) return otherwise;
        require(at(index).is_bool(), "true or false");
        return at(index).as_bool();
    }
    [[nodiscard]] std::int64_t number(std::size_t index, std::int64_t otherwise = 0) const {
        return optional_number(index).value_or(otherwise);
    }
    [[nodiscard]] std::optional<std::int64_t> optional_number(std::size_t index) const {
        if (at(index).is_null()) return std::nullopt;
        require(at(index).is_int(), "an integer");
        return at(index).as_int();
    }
    [[nodiscard]] std::string text(std::size_t index) const {
        require(at(index).is_string(), "a text");
        return at(index).as_string();
    }
    [[nodiscard]] const List& list(std::size_t index) const {
        static const auto& nothing = *new List;
        if (at(index).is_null()) return nothing;
        require(at(index).is_list(), "a list");
        return at(index).as_list();
    }
    [[nodiscard]] TaskFunction function(std::size_t index) const {
        const auto known = task_function_from(text(index));
        require(known.has_value(), "a function of tasks");
        return *known;
    }
    /// An object of the scenario.
    [[nodiscard]] Id id(std::size_t index) const {
        require(at(index).is_int(), "the id of an object");
        return static_cast<Id>(at(index).as_int());
    }
    [[nodiscard]] Cell& cell(std::size_t index) const { return environment_.cell(id(index)); }

  private:
    static void require(bool condition, const char* what) {
        if (!condition) throw DriverFault(std::string("an argument is not ") + what);
    }
    static TimeLimit limit_of(const Value& value) {
        if (value.is_null()) return {};
        if (value == Value("inf")) return TimeLimit::infinite();
        if (value == Value("nan")) return TimeLimit::not_a_number();
        require(value.is_int(), "a time limit");
        return TimeLimit::nanoseconds(value.as_int());
    }

    Environment<Traits>& environment_;
    const List& arguments_;
    TimeLimit limit_;
};

/// The JSON of each.
template <class Traits>
[[nodiscard]] std::vector<text_type<Traits>> texts_of(const List& values) {
    std::vector<text_type<Traits>> texts;
    texts.reserve(values.size());
    for (const Value& value : values)
        texts.emplace_back(to_json(value));
    return texts;
}

}  // namespace conformance::kit
