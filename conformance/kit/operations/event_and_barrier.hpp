#pragma once
/// \file
/// The operations of Event and Barrier, and the actions of barriers.

#include <chrono>
#include <thread>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

template <class Traits, class Visit>
void event_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::set, [&](auto& event) CONFORMANCE_KIT_CALL(event.set()));
    visit(Operation::clear, [&](auto& event) CONFORMANCE_KIT_CALL(event.clear()));
    visit(Operation::is_set, [&](auto& event) CONFORMANCE_KIT_CALL(event.is_set()));
    visit(Operation::wait, [&](auto& event) CONFORMANCE_KIT_CALL(event.wait(arguments.timeout())));
}

template <class Traits, class Visit>
void barrier_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::wait, [&](auto& barrier)
                               CONFORMANCE_KIT_CALL(barrier.wait(arguments.timeout())));
    visit(Operation::reset, [&](auto& barrier) CONFORMANCE_KIT_CALL(barrier.reset()));
    visit(Operation::abort, [&](auto& barrier) CONFORMANCE_KIT_CALL(barrier.abort()));
    visit(Operation::parties, [&](auto& barrier) CONFORMANCE_KIT_CALL(barrier.parties()));
    visit(Operation::n_waiting, [&](auto& barrier) CONFORMANCE_KIT_CALL(barrier.n_waiting()));
    visit(Operation::broken, [&](auto& barrier) CONFORMANCE_KIT_CALL(barrier.broken()));
}

/// Rule 5.10. Without captures, since an action goes to other workers: it finds the barrier through
/// the worker that runs it, which is one that waits there.
template <class Traits>
struct BarrierActions {
    using Barrier = object_type<Traits, Type::Barrier>;
    using Action = void (*)();

    static void nothing() {}
    static void add() { Environment<Traits>::present()->first_cell().add(1); }
    static void linger() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }
    static void raise() { Traits::raise(ErrorKind::Other); }
    template <class Any = Barrier>
    static void abort() {
        static_cast<Any&>(barrier()).abort();
    }
    template <class Any = Barrier>
    static void reset() {
        static_cast<Any&>(barrier()).reset();
    }
    static void wait() { static_cast<void>(barrier().wait(Traits::timeout(TimeLimit()))); }

    /// Throws Unsupported.
    [[nodiscard]] static Action named(const std::string& name) {
        if (name == "nothing") return nothing;
        if (name == "add") return add;
        if (name == "linger") return linger;
        if (name == "raise") return raise;
        if constexpr (requires(Barrier& any) { any.abort(); }) {
            if (name == "abort") return abort<>;
        }
        if constexpr (requires(Barrier& any) { any.reset(); }) {
            if (name == "reset") return reset<>;
        }
        if (name == "wait") return wait;
        throw Unsupported("Barrier with the action " + name);
    }

  private:
    static Barrier& barrier() {
        return *static_cast<Barrier*>(Environment<Traits>::present()->present_barrier);
    }
};

}  // namespace conformance::kit
