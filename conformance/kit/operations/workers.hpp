#pragma once
/// \file
/// The operations of Worker, and the functions that say who runs.

#include <cstdint>
#include <string>
#include <utility>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

/// `worker()` gives the worker, and makes it if need be: that is part of its first call.
template <class Traits, class Visit>
void worker_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::start, [&](auto& worker) CONFORMANCE_KIT_CALL(worker().start()));
    visit(Operation::join, [&](auto& worker)
                               CONFORMANCE_KIT_CALL(worker().join(arguments.timeout())));
    visit(Operation::is_alive, [&](auto& worker) CONFORMANCE_KIT_CALL(worker().is_alive()));
    visit(Operation::name, [&](auto& worker) CONFORMANCE_KIT_CALL(worker().name()));
    visit(Operation::set_name, [&](auto& worker)
                                   CONFORMANCE_KIT_CALL(worker().set_name(arguments.text(0))));
    visit(Operation::daemon, [&](auto& worker) CONFORMANCE_KIT_CALL(worker().daemon()));
    visit(Operation::set_daemon, [&](auto& worker)
                                     CONFORMANCE_KIT_CALL(worker().set_daemon(arguments.flag(0))));
}

/// With a text as the time limit.
template <class Traits, class Visit>
void misused_worker_operations(Visit& visit) {
    const std::string limit = "soon";
    visit(Operation::join, [&](auto& worker) CONFORMANCE_KIT_CALL(worker().join(limit)));
}

/// A worker as [name, daemon flag, ident], or a list of such. Read within the call: whatever others
/// change after its response must not show.
template <class Worker>
    requires requires(const Worker& worker) { worker.ident(); }
[[nodiscard]] Value shown(const Worker& worker) {
    return List{worker.name(), worker.daemon(), static_cast<std::int64_t>(worker.ident())};
}
template <class Workers>
    requires requires(const Workers& workers) { workers.begin()->ident(); }
[[nodiscard]] Value shown(const Workers& workers) {
    List list;
    for (const auto& worker : workers)
        list.push_back(shown(worker));
    return list;
}

/// The object is a value of the traits' own type.
template <class Traits, class Visit>
void function_operations(Visit& visit, const Arguments<Traits>&) {
    visit(Operation::get_backend, [](auto& traits) CONFORMANCE_KIT_CALL(traits.get_backend()));
    visit(Operation::get_ident, [](auto& traits) CONFORMANCE_KIT_CALL(traits.get_ident()));
    visit(Operation::current_worker,
          [](auto& traits) CONFORMANCE_KIT_CALL(shown(traits.current_worker())));
    visit(Operation::active_count, [](auto& traits) CONFORMANCE_KIT_CALL(traits.active_count()));
    visit(Operation::active_children,
          [](auto& traits) CONFORMANCE_KIT_CALL(shown(traits.active_children())));
    visit(Operation::enumerate, [](auto& traits) CONFORMANCE_KIT_CALL(shown(traits.enumerate())));
}

}  // namespace conformance::kit
