#include "conformance/engine/capabilities.hpp"

#include <algorithm>

#include "spec/scenario/misuse.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

/// "Lock", "Worker".
std::string type_of(const Scenario& scenario, Id object) {
    const Object* const found = scenario.find_object(object);
    return found != nullptr ? std::string(to_string(found->type)) : "Worker";
}

/// "Lock.acquire", "Worker.start", "get_ident", "kill".
std::string need_of(const Scenario& scenario, const Call& call) {
    const std::string operation(to_string(call.operation));
    switch (call.operation) {
        case Operation::await_blocked:
        case Operation::kill:
        case Operation::stop:
        case Operation::drop:
        case Operation::offers:
            return operation;
        case Operation::resume:
            return "stop";
        default:
            break;
    }
    if (const Object* const object = scenario.find_object(call.object)) {
        const std::string type(to_string(object->type));
        return call.operation == Operation::create ? type : type + '.' + operation;
    }
    return call.object == no_object ? operation : "Worker." + operation;
}

/// What only drivers with further capabilities can pass or call.
void add_needs_of_tasks(std::set<std::string>& needs, std::string_view function,
                        const List& arguments) {
    if (contain(arguments, Opaque::transfer) || contain(arguments, Opaque::rebuild) ||
        function == "opaque")
        needs.insert("opaque");
    if (function == opaque_function) needs.insert("misuse");
    if (function == "keep" || function == "put_kept") needs.insert("keep");
    if (function == "put_to") needs.insert("put_to");
}

std::string_view text_at(const List& arguments, std::size_t index) {
    const bool is_text = index < arguments.size() && arguments[index].is_string();
    return is_text ? std::string_view(arguments[index].as_string()) : std::string_view();
}

bool is_misused_call(const Scenario& scenario, const Call& call) {
    const Object* const object = scenario.find_object(call.object);
    return is_misused(object != nullptr ? std::optional(object->type) : std::nullopt, call);
}

}  // namespace

bool has_capability(const std::set<std::string>& capabilities, const std::string& name) {
    const std::size_t dot = name.find('.');
    if (dot != std::string::npos) {
        const bool listed =
            capabilities.contains(name) || capabilities.contains(name.substr(0, dot));
        return listed && !capabilities.contains('-' + name);
    }
    // A type of which only some operations are listed can be made.
    return capabilities.contains(name) ||
           std::ranges::any_of(capabilities,
                               [&](const auto& listed) { return listed.starts_with(name + '.'); });
}

std::set<std::string> needs_of(const Scenario& scenario) {
    std::set<std::string> needs;
    if (scenario.ends != ProgramEnd::none)
        needs.insert(scenario.ends == ProgramEnd::by_death ? "dies" : "ends");
    for (const Object& object : scenario.objects) {
        needs.emplace(to_string(object.type));
        if (is_misused(scenario, object)) needs.insert("misuse");
        add_needs_of_tasks(needs, text_at(object.arguments, 1), object.arguments);
    }
    if (scenario.has_rounds()) needs.emplace("repeat");
    for (const WorkerPlan& worker : scenario.workers) {
        if (worker.misuse != WorkerMisuse::none) needs.insert("misuse");
        if (!worker.name.empty()) needs.insert("Worker.name");
        if (worker.daemon) needs.insert("Worker.daemon");
        for (const Call& call : worker.calls) {
            needs.insert(need_of(scenario, call));
            // Rule 5.11: a worker finds itself by that.
            if (call.object == worker.id && need_of(scenario, call).starts_with("Worker."))
                needs.insert("current_worker");
            if (call.operation == Operation::drop)
                needs.insert(type_of(scenario, call.object) + ".drop");
            // What stands for the number of the round is a number when the call is made.
            if (is_misused_call(scenario, in_round(worker, call, 0))) needs.insert("misuse");
            add_needs_of_tasks(needs, text_at(call.arguments, 0), call.arguments);
        }
    }
    return needs;
}

std::optional<std::string> missing_capability(const Scenario& scenario,
                                              const std::set<std::string>& capabilities) {
    for (const std::string& need : needs_of(scenario)) {
        if (!has_capability(capabilities, need)) return need;
    }
    return std::nullopt;
}

}  // namespace conformance
