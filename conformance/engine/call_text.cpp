#include "conformance/engine/call_text.hpp"

#include "conformance/engine/safe_text.hpp"

namespace conformance {
namespace {

constexpr std::size_t longest_value = 500;

/// On one line, whatever a driver says: the rest of a value must not pose as a line of ours.
std::string shown(const std::string& value) {
    std::string text;
    for (const char c : shortened(value, longest_value))
        text += c == '\n' ? std::string("\\n") : std::string(1, c);
    return text;
}

}  // namespace

std::string name_of(const Scenario& scenario, Id object) {
    if (const Object* const found = scenario.find_object(object))
        return std::string(to_string(found->type)) + '#' + std::to_string(object);
    return object == no_object ? std::string() : "worker " + std::to_string(object);
}

std::string to_string(TimeLimit limit) {
    switch (limit.kind()) {
        case TimeLimit::Kind::none:
            return {};
        case TimeLimit::Kind::infinite:
            return "infinite";
        case TimeLimit::Kind::not_a_number:
            return "NaN";
        case TimeLimit::Kind::text:
            return "a text as time limit";
        case TimeLimit::Kind::finite:
            break;
    }
    constexpr std::int64_t millisecond = 1'000'000;
    return limit.count() % millisecond == 0 ? std::to_string(limit.count() / millisecond) + " ms"
                                            : std::to_string(limit.count()) + " ns";
}

std::string to_text(const Scenario& scenario, const Call& call) {
    const std::string object = name_of(scenario, call.object);
    std::string text = object + (object.empty() ? "" : ".");
    text += std::string(to_string(call.operation)) + '(';
    std::string separator;
    for (const Value& argument : call.arguments) {
        text += separator + shown(to_string(argument));
        separator = ", ";
    }
    if (!call.time_limit.is_none()) text += separator + to_string(call.time_limit);
    text += ')';
    if (call.into != no_object) text += " = " + name_of(scenario, call.into);
    return text;
}

std::string to_text(const Outcome& outcome) {
    return shown(to_string(outcome));
}

}  // namespace conformance
