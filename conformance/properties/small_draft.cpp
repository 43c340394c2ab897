#include "conformance/properties/small_draft.hpp"

#include <algorithm>

#include "conformance/engine/unroll.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/phrases.hpp"
#include "conformance/properties/settle.hpp"
#include "conformance/properties/simplify.hpp"
#include "spec/scenario/round.hpp"

namespace conformance::properties {
namespace {

constexpr int attempts = 40;
constexpr int walks = 24;

Type type_of(Family family, Choices& choices) {
    switch (family) {
        case Family::lock:
            return Type::Lock;
        case Family::rlock:
            return Type::RLock;
        case Family::semaphore:
            return Type::Semaphore;
        case Family::bounded_semaphore:
            return Type::BoundedSemaphore;
        case Family::condition:
            return Type::Condition;
        case Family::event:
            return Type::Event;
        case Family::barrier:
            return Type::Barrier;
        case Family::queue:
            return Type::Queue;
        case Family::simple_queue:
            return Type::SimpleQueue;
        case Family::worker_pool:
            return Type::WorkerPool;
        case Family::worker_pool_executor:
            return Type::WorkerPoolExecutor;
        default:
            return static_cast<Type>(choices.below(static_cast<int>(Type::SimpleQueue) + 1));
    }
}

bool is_of_pool(Family family) {
    return family == Family::worker_pool || family == Family::worker_pool_executor;
}

class SmallDrafting {
  public:
    SmallDrafting(Family family, Choices& choices, bool has_rounds)
        : choices_(choices),
          is_of_pool_(is_of_pool(family)),
          type_(type_of(family, choices)),
          has_rounds_(has_rounds),
          bench_{.choices = choices, .scenario = scenario_, .has_rounds = has_rounds} {}

    Scenario scenario() {
        if (is_of_pool_) {
            write_tasks();
            return scenario_.scenario();
        }
        const int count = choices_.pick<int>({1, 2, 2, 2, 2, 2, 3, 3});
        make_objects(count);
        const auto workers = scenario_.workers(static_cast<std::size_t>(count));
        if (count > 1 && !choices_.one_in(3)) {
            const int way = choices_.below(4);
            for (int place = 0; place < count; ++place)
                write_turn(workers[static_cast<std::size_t>(place)], place, count, way);
        } else {
            for (const Script& worker : workers)
                write(worker, most_calls_of_small / count);
        }
        if (has_rounds_) {
            for (const Script& worker : workers)
                worker.repeat(few_rounds);
        }
        scenario_.start_all();
        scenario_.join_all();
        return scenario_.scenario();
    }

  private:
    void make_objects(int workers) {
        if (type_ == Type::Condition || choices_.one_in(3))
            bench_.cells.push_back(scenario_.add(Type::Cell));
        switch (type_) {
            case Type::Semaphore:
            case Type::BoundedSemaphore:
                // One less than would do for all: a permit too many shows.
                object_ = scenario_.add(
                    type_, {choices_.one_in(3) ? choices_.below(3) : std::max(1, workers - 1)});
                break;
            case Type::Queue:
                object_ = scenario_.add(type_, {choices_.below(3)});
                break;
            case Type::Barrier:
                object_ = scenario_.add(type_, {workers});
                break;
            case Type::Condition:
                object_ = choices_.one_in(2) ? scenario_.add(type_)
                                             : scenario_.add(type_, {scenario_.add(Type::Lock)});
                break;
            default:
                object_ = scenario_.add(type_);
        }
    }

    /// A task that begins just now is met by a call only now and then: rounds make many of them, for
    /// workers that are awake.
    void write_tasks() {
        object_ = scenario_.add(type_, {choices_.between(1, 2)});
        const Script main = scenario_.main();
        say_short_tasks(bench_, main, object_);
        if (has_rounds_) main.repeat(few_rounds);
    }

    void write(const Script& worker, int quota) {
        const int calls = choices_.between(1, quota);
        for (int i = 0; i < attempts && calls_of(worker) < calls; ++i)
            say_about(bench_, worker, type_, object_);
    }
    [[nodiscard]] int calls_of(const Script& worker) const {
        return static_cast<int>(scenario_.scenario().find_worker(worker.id())->calls.size());
    }

    /// What fits together with what the others do, so that none has to wait for long. `way`: one of
    /// several, the same for all of them.
    void write_turn(const Script& worker, int place, int workers, int way) {
        const bool is_first_kind = place % 2 == 0;
        switch (type_) {
            case Type::Lock:
            case Type::RLock:
            case Type::BoundedSemaphore:
                return hold(worker);
            case Type::Semaphore:
                if (way < 2) return hold(worker);
                is_first_kind ? worker.release(object_) : worker.acquire(object_);
                return;
            case Type::Condition:
                worker.acquire(object_);
                write_turn_within(worker, is_first_kind, way);
                worker.release(object_);
                return;
            case Type::Event:
                if (!is_first_kind) {
                    worker.wait(object_);
                    return;
                }
                worker.set(object_);
                if (way < 2) worker.clear(object_);
                return;
            case Type::Barrier:
                worker.wait(object_);
                return;
            case Type::Queue:
                return pass_items(worker, place, workers, way);
            default:
                is_first_kind ? worker.put(object_, bench_.next_item()) : worker.get(object_);
        }
    }

    void hold(const Script& worker) {
        worker.acquire(object_);
        if (!bench_.cells.empty()) worker.add(bench_.cells.front());
        worker.release(object_);
    }

    void write_turn_within(const Script& worker, bool is_first_kind, int way) {
        switch (way) {
            case 0:  // each wakes the other, and waits to be woken
                worker.notify(object_);
                worker.wait(object_);
                return;
            case 1:
                if (is_first_kind) {
                    worker.add(bench_.cells.front());
                    worker.notify_all(object_);
                } else {
                    worker.call(object_, Operation::wait_for,
                                {bench_.cells.front(), has_rounds_ ? Value(round_text) : Value(1)});
                }
                return;
            default:
                is_first_kind ? worker.notify(object_) : worker.wait(object_);
        }
    }

    /// As many items are put as are taken.
    void pass_items(const Script& worker, int place, int workers, int way) {
        if (place % 2 == 0) {
            worker.put(object_, bench_.next_item());
            if (way < 2) worker.join(object_);
            return;
        }
        const int items = (workers + 1) / 2 / (workers / 2);
        for (int i = 0; i < items; ++i) {
            worker.get(object_);
            if (way < 3) worker.task_done(object_);
        }
    }

    Choices& choices_;
    bool is_of_pool_;
    Type type_;
    bool has_rounds_;
    ScenarioBuilder scenario_;
    Workbench bench_;
    Id object_ = no_object;
};

}  // namespace

bool has_small_scenarios(Family family) {
    return family <= Family::simple_queue || family == Family::mixed || is_of_pool(family);
}

Scenario draft_small(Family family, Choices& choices, bool has_rounds) {
    for (int i = 0;; ++i) {
        Scenario scenario = SmallDrafting(family, choices, has_rounds).scenario();
        const auto seed = static_cast<std::uint64_t>(choices.below(1 << 20));
        remove_unguarded_uses(scenario);
        do {
            settle(scenario, seed);
            remove_unguarded_uses(scenario);
        } while (!stuck_calls(scenario, walks, seed).empty());
        const std::size_t calls = number_of_calls(scenario);
        if ((calls > 0 && calls <= most_calls_of_small) || i == attempts) return scenario;
    }
}

}  // namespace conformance::properties
