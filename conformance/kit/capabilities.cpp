#include "conformance/kit/capabilities.hpp"

namespace conformance::kit {

void Capabilities::append(std::vector<std::string>& names, std::string_view type,
                          const Entry& entry) {
    if (entry.present.is_empty()) return;
    names.emplace_back(type);
    for (std::size_t i = 0; i < operation_count; ++i) {
        const auto operation = static_cast<Operation>(i);
        if (entry.known.has(operation) && !entry.present.has(operation))
            names.push_back('-' + std::string(type) + '.' + std::string(to_string(operation)));
    }
}

std::vector<std::string> Capabilities::names() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < type_count; ++i)
        append(names, to_string(static_cast<Type>(i)), types_[i]);
    if (has(Type::WorkerPool)) names.emplace_back("-WorkerPool.drop");
    append(names, "Worker", worker_);
    for (std::size_t i = 0; i < operation_count; ++i) {
        if (functions_.present.has(static_cast<Operation>(i)))
            names.emplace_back(to_string(static_cast<Operation>(i)));
    }
    names.emplace_back("await_blocked");
    names.emplace_back("repeat");
    names.emplace_back("ends");
    names.emplace_back("dies");
    names.emplace_back("drop");
    if (has_function(Operation::raise)) names.emplace_back("raise");
    names.emplace_back("misuse");
    names.emplace_back("offers");
    if (has_parcels_) names.emplace_back("opaque");
    if (tasks_take_handles_) {
        names.emplace_back("keep");
        names.emplace_back("put_to");
    }
    if (workers_are_processes_) {
        names.emplace_back("kill");
        names.emplace_back("stop");
    }
    return names;
}

}  // namespace conformance::kit
