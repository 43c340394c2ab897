#include "conformance/properties/phrases.hpp"

#include "spec/scenario/round.hpp"

namespace conformance::properties {
namespace {

constexpr int deepest_nesting = 2;

std::string_view some_body(Choices& choices) {
    return choices.pick<std::string_view>({"nothing", "nothing", "raise", "release"});
}

/// What is done while a lock is held.
void say_inside(Workbench& bench, const Script& worker) {
    Choices& choices = bench.choices;
    if (!bench.cells.empty() && choices.one_in(2)) worker.add(choices.pick(bench.cells));
    if (bench.nested && bench.depth < deepest_nesting && choices.one_in(2)) {
        ++bench.depth;
        bench.nested(worker);
        --bench.depth;
    }
}

/// Of all that can be acquired and released: the phrases that are not the type's own.
void say_acquisition(Workbench& bench, const Script& worker, Id lock) {
    Choices& choices = bench.choices;
    switch (choices.below(10)) {
        case 0:
            worker.try_acquire(lock);
            if (!choices.one_in(3)) worker.release(lock);
            break;
        case 1:
            worker.acquire(lock, bench.short_limit());
            worker.release(lock);
            break;
        case 2:
            worker.with(lock, some_body(choices));
            break;
        case 3:
            worker.release(lock);
            break;
        case 4:
            // No time limit goes with no blocking.
            worker.call(lock, Operation::acquire, {false}, bench.short_limit());
            break;
        default:
            worker.acquire(lock);
            say_inside(bench, worker);
            worker.release(lock);
    }
}

}  // namespace

TimeLimit Workbench::short_limit() {
    switch (choices.below(12)) {
        case 0:
            return TimeLimit::nanoseconds(0);
        case 1:
            return TimeLimit::milliseconds(-1);
        case 2:
            return TimeLimit::infinite();
        case 3:
            return TimeLimit::not_a_number();
        default:
            return TimeLimit::milliseconds(choices.pick<std::int64_t>({1, 2, 2, 3, 5, 8}));
    }
}

Value Workbench::next_item() {
    ++items;
    return has_rounds ? Value(List{items, round_text}) : Value(items);
}

void say_lock(Workbench& bench, const Script& worker, Id lock) {
    if (bench.choices.one_in(8)) {
        worker.locked(lock);
    } else {
        say_acquisition(bench, worker, lock);
    }
}

void say_rlock(Workbench& bench, const Script& worker, Id lock) {
    if (bench.choices.one_in(4)) {
        worker.acquire(lock);
        worker.acquire(lock);
        worker.release(lock);
        say_inside(bench, worker);
        worker.release(lock);
    } else {
        say_acquisition(bench, worker, lock);
    }
}

void say_semaphore(Workbench& bench, const Script& worker, Id semaphore) {
    switch (bench.choices.below(6)) {
        case 0:
            worker.acquire(semaphore);
            break;
        case 1:
            worker.release(semaphore);
            break;
        default:
            say_acquisition(bench, worker, semaphore);
    }
}

void say_condition(Workbench& bench, const Script& worker, Id condition) {
    Choices& choices = bench.choices;
    const auto held = [&](const auto& inside) {
        worker.acquire(condition);
        inside();
        worker.release(condition);
    };
    switch (choices.below(12)) {
        case 0:
            say_acquisition(bench, worker, condition);
            break;
        case 1:  // not without the lock
            choices.one_in(2) ? worker.notify(condition)
                              : worker.wait(condition, bench.short_limit());
            break;
        case 2:
            held([&] { worker.notify(condition, choices.between(-1, 3)); });
            break;
        case 3:
        case 4:
            held([&] { worker.notify(condition, choices.between(1, 2)); });
            break;
        case 5:
            held([&] { worker.notify_all(condition); });
            break;
        case 6:
            held([&] { worker.wait(condition, bench.short_limit()); });
            break;
        case 7:
            held([&] { worker.wait(condition); });
            break;
        case 8:
        case 9:
            if (bench.cells.empty()) break;
            held([&] {
                worker.add(bench.cells.front());
                choices.one_in(2) ? worker.notify(condition) : worker.notify_all(condition);
            });
            break;
        default:
            if (bench.cells.empty()) break;
            held([&] {
                worker.wait_for(condition, bench.cells.front(), choices.between(0, 3),
                                choices.one_in(2) ? TimeLimit() : bench.short_limit());
            });
    }
}

void say_event(Workbench& bench, const Script& worker, Id event) {
    switch (bench.choices.below(7)) {
        case 0:
        case 1:
            worker.set(event);
            break;
        case 2:
            worker.clear(event);
            break;
        case 3:
            worker.is_set(event);
            break;
        case 4:
            worker.wait(event, bench.short_limit());
            break;
        default:
            worker.wait(event);
    }
}

void say_barrier(Workbench& bench, const Script& worker, Id barrier) {
    switch (bench.choices.below(12)) {
        case 0:
            worker.reset(barrier);
            break;
        case 1:
            worker.abort(barrier);
            break;
        case 2:
            worker.n_waiting(barrier);
            break;
        case 3:
            worker.broken(barrier);
            break;
        case 4:
            worker.parties(barrier);
            break;
        case 5:
            worker.wait(barrier, bench.short_limit());
            break;
        default:
            worker.wait(barrier);
    }
}

void say_queue(Workbench& bench, const Script& worker, Id queue) {
    Choices& choices = bench.choices;
    const auto item = [&] { return bench.next_item(); };
    switch (choices.below(16)) {
        case 0:
            worker.put_nowait(queue, item());
            break;
        case 1:
            worker.get_nowait(queue);
            break;
        case 2:
            worker.put(queue, item(), bench.short_limit());
            break;
        case 3:
            worker.get(queue, bench.short_limit());
            break;
        case 4:
            worker.task_done(queue);
            break;
        case 5:
            worker.join(queue);
            break;
        case 6:
            worker.call(queue, choices.pick<Operation>(
                                   {Operation::qsize, Operation::empty, Operation::full}));
            break;
        case 7:
            worker.call(queue, Operation::put, {item(), false}, bench.short_limit());
            break;
        case 8:
            worker.get(queue);
            worker.task_done(queue);
            break;
        case 9:
        case 10:
            worker.get(queue);
            break;
        case 11:
            worker.put(queue, item());
            worker.put(queue, item());
            break;
        default:
            worker.put(queue, item());
    }
}

void say_simple_queue(Workbench& bench, const Script& worker, Id queue) {
    switch (bench.choices.below(6)) {
        case 0:
            worker.empty(queue);
            break;
        case 1:
        case 2:
            worker.get(queue);
            break;
        default:
            worker.put(queue, bench.next_item());
    }
}

void say_about(Workbench& bench, const Script& worker, Type type, Id object) {
    switch (type) {
        case Type::Lock:
            return say_lock(bench, worker, object);
        case Type::RLock:
            return say_rlock(bench, worker, object);
        case Type::Semaphore:
        case Type::BoundedSemaphore:
            return say_semaphore(bench, worker, object);
        case Type::Condition:
            return say_condition(bench, worker, object);
        case Type::Event:
            return say_event(bench, worker, object);
        case Type::Barrier:
            return say_barrier(bench, worker, object);
        case Type::Queue:
            return say_queue(bench, worker, object);
        case Type::SimpleQueue:
            return say_simple_queue(bench, worker, object);
        default:
            return;
    }
}

}  // namespace conformance::properties
