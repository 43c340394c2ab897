#include "freethreading/platform/context.hpp"

#include <cstdlib>
#include <iostream>

#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/platform/transaction.hpp"

namespace freethreading::platform {
namespace {

Context& claim_slot() {
    Root& shared = root();
    for (std::uint32_t slot = 0; slot < context_capacity; ++slot) {
        Context& context = shared.contexts[slot];
        std::uint32_t nobody = 0;
        if (context.process.load() != 0) continue;
        // First of all the slot counts as used, then it is claimed by one store: a process killed
        // after that leaves a slot which the fork server finds and frees.
        for (auto used = shared.contexts_used.load();
             used <= slot && !shared.contexts_used.compare_exchange(used, slot + 1);) {
        }
        if (!context.process.compare_exchange(nobody, this_process())) continue;
        const ContextId id = shared.next_context_id.fetch_add(1) + 1;
        if (id > largest_context_id)
            throw ResourceError(
                "no thread identity is left: 2147483647 threads have used the library in this "
                "program");
        context.id = id;
        context.slot = slot;
        context.will_count = 0;
        return context;
    }
    throw ResourceError(
        "too many threads use the library at the same time: the limit is 65536; let some of them "
        "end first");
}

// Gives the slot back when the thread ends.
struct ThreadContext {
    Context* context = nullptr;
    ~ThreadContext() {
        if (context != nullptr && context->process.load() == this_process())
            context->process.store(0);
        context = nullptr;
        detail::cached_context = nullptr;
        detail::cached_context_id = 0;
    }
};
thread_local ThreadContext of_this_thread;

}  // namespace

namespace detail {

constinit thread_local Context* cached_context = nullptr;
constinit thread_local ContextId cached_context_id = 0;

Context& make_context() {
    Context& context = claim_slot();
    of_this_thread.context = &context;
    cached_context = &context;
    cached_context_id = context.id;
    return context;
}

}  // namespace detail

void forget_inherited_context() {
    of_this_thread.context = nullptr;
    detail::cached_context = nullptr;
    detail::cached_context_id = 0;
}

void Journal::roll_back() {
    for (std::uint64_t i = count; i-- > 0;)
        *entries[i].field = entries[i].old_value;
    forget();
}

void Journal::overflow() {
    std::cerr << "freethreading: a transaction changes more fields than a journal holds; this is a "
                 "defect of the library\n";
    std::abort();
}

namespace {
template <class Function>
void for_each_context_of(ProcessSerial process, Function function) {
    Root& shared = root();
    const auto used = shared.contexts_used.load();
    for (std::uint32_t slot = 0; slot < used; ++slot) {
        if (shared.contexts[slot].process.load() == process) function(shared.contexts[slot]);
    }
}

void wake_whoever_waits_for(Context& context) {
    for (std::uint32_t i = 0; i < context.attention.size(); ++i)
        context.attention[i].wake_all();
}
}  // namespace

void repair_contexts_of(ProcessSerial dead) {
    for_each_context_of(dead, [](Context& context) {
        context.journal.roll_back();
        for (std::uint32_t i = 0; i < context.held.size(); ++i)
            context.held[i].repair(context.slot);
        context.held.clear();
        wake_whoever_waits_for(context);
        context.attention.clear();
    });
}

void execute_wills_of(ProcessSerial dead) {
    for_each_context_of(dead, [](Context& context) {
        while (context.will_count > 0) {
            const auto will = context.wills[context.will_count - 1];
            will.execute(context, will.object);
            context.will_count = context.will_count - 1;
        }
    });
}

void free_contexts_of(ProcessSerial dead) {
    for_each_context_of(dead, [](Context& context) { context.process.store(0); });
}

void wake_everyone_here() {
    for_each_context_of(this_process(), [](Context& context) {
        for (std::uint32_t i = 0; i < context.held.size(); ++i)
            context.held[i].repair(context_capacity);
        wake_whoever_waits_for(context);
    });
}

}  // namespace freethreading::platform
