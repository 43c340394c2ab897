#include "conformance/engine/capabilities.hpp"

#include <algorithm>

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
    if (scenario.ends != ProgramEnd::none) needs.insert("ends");
    for (const Object& object : scenario.objects)
        needs.emplace(to_string(object.type));
    if (scenario.has_rounds()) needs.emplace("repeat");
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls) {
            needs.insert(need_of(scenario, call));
            if (call.operation == Operation::drop)
                needs.insert(type_of(scenario, call.object) + ".drop");
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
