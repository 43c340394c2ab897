#include "conformance/properties/draft.hpp"

#include <algorithm>
#include <random>

#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/phrases.hpp"
#include "conformance/properties/settle.hpp"

namespace conformance::properties {
namespace {

constexpr int most_calls = 12;  // of a worker, or a few more

struct Made {
    Id id;
    Type type;
};

std::vector<Type> types_of(Family family, Choices& choices) {
    switch (family) {
        case Family::lock:
            return std::vector<Type>(static_cast<std::size_t>(choices.between(1, 2)), Type::Lock);
        case Family::rlock:
            return std::vector<Type>(static_cast<std::size_t>(choices.between(1, 2)), Type::RLock);
        case Family::semaphore:
            return {Type::Semaphore};
        case Family::bounded_semaphore:
            return {Type::BoundedSemaphore};
        case Family::condition:
            return {Type::Condition};
        case Family::event:
            return std::vector<Type>(static_cast<std::size_t>(choices.between(1, 2)), Type::Event);
        case Family::barrier:
            return {Type::Barrier};
        case Family::queue:
            return {Type::Queue};
        case Family::simple_queue:
            return {Type::SimpleQueue};
        default: {
            std::vector<Type> types;
            for (int i = choices.between(2, 4); i > 0; --i)
                types.push_back(
                    static_cast<Type>(choices.below(static_cast<int>(Type::SimpleQueue) + 1)));
            return types;
        }
    }
}

class Drafting {
  public:
    Drafting(Family family, Choices& choices, int size)
        : family_(family), choices_(choices), size_(size), bench_{choices, scenario_} {}

    Scenario scenario() {
        if (family_ == Family::worker || family_ == Family::utilities) {
            write_workers();
        } else if (family_ == Family::worker_pool || family_ == Family::worker_pool_executor) {
            write_pool();
        } else if (family_ == Family::sequential) {
            write_sequence();
        } else {
            write_shared();
        }
        return scenario_.scenario();
    }

  private:
    /// How many calls a worker may make, about.
    int length() { return 1 + choices_.below(std::max(1, most_calls * std::max(size_, 10) / 100)); }

    void make_objects(int workers) {
        // The Cell comes first: actions of barriers add to it.
        if (choices_.one_in(2) || family_ == Family::condition)
            bench_.cells.push_back(scenario_.add(Type::Cell));
        for (const Type type : types_of(family_, choices_))
            objects_.push_back({add(type, workers), type});
        if (objects_.size() > 1) bench_.nested = [this](const Script& worker) { say(worker); };
        if (choices_.one_in(10)) make_bad_object();
    }

    Id add(Type type, int workers) {
        switch (type) {
            case Type::Semaphore:
            case Type::BoundedSemaphore:
                return scenario_.add(type, {choices_.between(0, 3)});
            case Type::Condition:
                switch (choices_.below(4)) {
                    case 0:
                        return scenario_.add(type);
                    case 1:
                    case 2:
                        if (const Id lock = earlier_lock(); lock != no_object)
                            return scenario_.add(type, {lock});
                        [[fallthrough]];
                    default: {
                        const Type lock_type = choices_.one_in(2) ? Type::Lock : Type::RLock;
                        const Id lock = scenario_.add(lock_type);
                        if (choices_.one_in(3)) objects_.push_back({lock, lock_type});
                        const Id condition = scenario_.add(type, {lock});
                        // Two conditions over one lock.
                        if (choices_.one_in(4))
                            objects_.push_back({scenario_.add(type, {lock}), type});
                        return condition;
                    }
                }
            case Type::Barrier: {
                List arguments{choices_.one_in(4) ? choices_.between(1, 3) : std::max(1, workers)};
                const bool acts = choices_.one_in(3);
                const bool limits = choices_.one_in(6);
                if (acts)
                    arguments.emplace_back(choices_.pick<std::string_view>(
                        {"nothing", "add", "raise", "abort", "reset"}));
                if (limits) {
                    if (!acts) arguments.emplace_back();
                    arguments.emplace_back(choices_.between(1, 6) * 1'000'000);
                }
                if (acts && bench_.cells.empty()) scenario_.add(Type::Cell);
                return scenario_.add(type, std::move(arguments));
            }
            case Type::Queue:
                return scenario_.add(type, {choices_.between(0, 3)});
            default:
                return scenario_.add(type);
        }
    }

    Id earlier_lock() {
        std::vector<Id> locks;
        for (const Made& made : objects_) {
            if (made.type == Type::Lock || made.type == Type::RLock) locks.push_back(made.id);
        }
        return locks.empty() ? no_object : choices_.pick(locks);
    }

    void make_bad_object() {
        const Type type =
            choices_.pick<Type>({Type::Semaphore, Type::BoundedSemaphore, Type::Barrier});
        scenario_.main().create(scenario_.add(type, {choices_.between(-2, 0)}));
    }

    void say(const Script& worker) {
        const Made& made =
            objects_[static_cast<std::size_t>(choices_.below(static_cast<int>(objects_.size())))];
        say_about(bench_, worker, made.type, made.id);
    }

    void write(const Script& worker) {
        const std::size_t enough = calls_of(worker) + static_cast<std::size_t>(length());
        // A phrase may be empty.
        for (int i = 0; i < 2 * most_calls && calls_of(worker) < enough; ++i)
            say(worker);
    }

    [[nodiscard]] std::size_t calls_of(const Script& worker) const {
        return scenario_.scenario().find_worker(worker.id())->calls.size();
    }

    /// What fits together with what the other workers do, so that blocking calls return: phases of a
    /// barrier, makers and takers, signals and waits. False if the family has no such shape.
    bool write_turns(const Script& worker, int place, int turns) {
        const Id object = objects_.back().id;
        for (int i = 0; i < turns; ++i) {
            switch (family_) {
                case Family::barrier:
                    worker.wait(object);
                    break;
                case Family::queue:
                    if (place % 2 == 0) {
                        worker.put(object, ++bench_.items);
                        if (choices_.one_in(4)) worker.join(object);
                    } else {
                        worker.get(object);
                        worker.task_done(object);
                    }
                    break;
                case Family::simple_queue:
                    place % 2 == 0 ? worker.put(object, ++bench_.items) : worker.get(object);
                    break;
                case Family::semaphore:
                    place % 2 == 0 ? worker.release(object) : worker.acquire(object);
                    break;
                case Family::condition:
                    worker.acquire(object);
                    if (place % 2 == 0) {
                        worker.add(bench_.cells.front());
                        choices_.one_in(2) ? worker.notify(object) : worker.notify_all(object);
                    } else {
                        worker.wait_for(object, bench_.cells.front(), i + 1);
                    }
                    worker.release(object);
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    void write_shared() {
        const int count = choices_.between(1, 4);  // with the main one
        const bool main_takes_part = count == 1 || choices_.one_in(3);
        make_objects(main_takes_part ? count : count - 1);
        std::vector<Script> workers;
        for (int i = 1; i < count; ++i)
            workers.push_back(scenario_.worker());
        const bool is_balanced = choices_.one_in(2);
        const int turns = choices_.between(1, 4);
        for (std::size_t i = 0; i < workers.size(); ++i) {
            if (!is_balanced || !write_turns(workers[i], static_cast<int>(i), turns))
                write(workers[i]);
        }
        scenario_.start_all();
        if (!workers.empty() && choices_.one_in(6))
            scenario_.main().await_blocked(choices_.pick(workers));
        if (main_takes_part && (!is_balanced || !write_turns(scenario_.main(), count - 1, turns)))
            write(scenario_.main());
        scenario_.join_all();
        for (const Id cell : bench_.cells)
            scenario_.main().read(cell);
    }

    void write_workers() {
        std::vector<Script> children;
        for (int i = choices_.between(1, 3); i > 0; --i) {
            const bool is_grandchild = !children.empty() && choices_.one_in(4);
            std::string name = choices_.one_in(3) ? "worker " + std::to_string(i) : std::string();
            std::optional<bool> daemon;
            if (choices_.one_in(4)) daemon = choices_.one_in(2);
            children.push_back(scenario_.worker(std::move(name), daemon,
                                                is_grandchild ? children.front().id() : 0));
        }
        for (const Script& child : children) {
            for (int i = length() / 2; i > 0; --i)
                say_of_workers(bench_, child);
        }
        for (int i = 2 * length(); i > 0; --i) {
            const Script child = choices_.pick(children);
            const Id parent = scenario_.scenario().find_worker(child.id())->parent;
            const Script by = parent == 0 ? scenario_.main() : children.front();
            if (family_ == Family::utilities ? choices_.one_in(3) : !choices_.one_in(4)) {
                say_of_child(bench_, by, child);
            } else {
                say_of_workers(bench_, scenario_.main());
            }
        }
    }

    void write_pool() {
        const bool is_pool = family_ == Family::worker_pool;
        List arguments{choices_.between(1, 3)};
        if (choices_.one_in(6)) {
            arguments.emplace_back("set_mark");
            arguments.emplace_back(List{choices_.below(3)});
        }
        const Id pool = scenario_.add(is_pool ? Type::WorkerPool : Type::WorkerPoolExecutor,
                                      std::move(arguments));
        std::vector<Id> results;
        for (int i = length() + 1; i > 0; --i) {
            if (is_pool) {
                say_pool(bench_, scenario_.main(), pool, results);
            } else {
                say_executor(bench_, scenario_.main(), pool, results);
            }
        }
        // The last call on the pool: C++ has no pool after its block.
        if (choices_.one_in(5))
            scenario_.main().with(pool, choices_.one_in(3) ? "raise" : "nothing");
        for (const Id result : results) {
            const Type type = scenario_.scenario().find_object(result)->type;
            if (type == Type::AsyncResult) scenario_.main().call(result, Operation::get);
            if (type == Type::Future) scenario_.main().result(result);
        }
    }

    /// Workers that start, work and end one after the other.
    void write_sequence() {
        make_objects(1);
        std::erase_if(objects_, [](const Made& made) { return made.type == Type::Barrier; });
        if (objects_.empty()) objects_.push_back({scenario_.add(Type::Queue, {2}), Type::Queue});
        write(scenario_.main());
        for (int i = choices_.below(3); i > 0; --i) {
            const Script worker = scenario_.worker();
            write(worker);
            scenario_.main().start(worker);
            scenario_.main().join(worker);
            if (choices_.one_in(2)) write(scenario_.main());
        }
    }

    Family family_;
    Choices& choices_;
    int size_;
    ScenarioBuilder scenario_;
    Workbench bench_;
    std::vector<Made> objects_;
};

/// Removes the calls of which the model allows several outcomes, until every outcome is foretold.
void make_certain(Scenario& scenario, std::uint64_t seed) {
    while (true) {
        std::mt19937_64 random(seed);
        Walk run = walk(scenario, random);
        if (run.ambiguous.empty()) return;
        for (WorkerPlan& worker : scenario.workers)
            std::erase_if(worker.calls,
                          [&](const Call& call) { return call.id == run.ambiguous.front(); });
    }
}

}  // namespace

Scenario draft(Family family, Choices& choices, int size) {
    Scenario scenario = Drafting(family, choices, size).scenario();
    const auto seed = static_cast<std::uint64_t>(choices.below(1 << 20));
    remove_unguarded_uses(scenario);
    if (family == Family::sequential) {
        settle(scenario, seed);
        make_certain(scenario, seed);
        settle(scenario, seed);
    } else if (!choices.one_in(30)) {
        // A limited acquire guards no Cell, so that more may have to go, on which others waited.
        do {
            settle(scenario, seed);
            remove_unguarded_uses(scenario);
        } while (!stuck_calls(scenario, 24, seed).empty());
    }
    return scenario;
}

}  // namespace conformance::properties
