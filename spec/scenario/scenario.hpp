#pragma once
/// \file
/// A scenario: the objects, and for every worker the calls that it makes. Data only; nothing runs
/// here.
///
///     Scenario scenario;
///     scenario.objects = {{.id = 10, .type = Type::Lock}};
///     scenario.workers = {
///         {.id = 0, .calls = {{.id = 1, .object = 1, .operation = Operation::start}}},
///         {.id = 1, .parent = 0, .calls = {{.id = 2, .object = 10, .operation = Operation::acquire}}}};

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/scenario/call.hpp"

namespace conformance {

// clang-format off
#define CONFORMANCE_TYPES(X)                                                           \
    X(Lock) X(RLock) X(Semaphore) X(BoundedSemaphore) X(Condition) X(Event) X(Barrier) \
    X(Queue) X(SimpleQueue) X(WorkerPool) X(WorkerPoolExecutor)                        \
    X(AsyncResult) X(ImapIterator) X(ExecutorMap) X(Future) X(Cell)
// clang-format on

/// Types of objects by the API's names. Those from AsyncResult to Future are results of calls. A
/// Cell is plain shared memory, without synchronisation, that the driver provides.
enum class Type : std::uint8_t {
#define X(name) name,
    CONFORMANCE_TYPES(X)
#undef X
};

namespace detail {
inline constexpr std::array type_names{
#define X(name) std::string_view(#name),
    CONFORMANCE_TYPES(X)
#undef X
};
}  // namespace detail
#undef CONFORMANCE_TYPES

[[nodiscard]] constexpr std::string_view to_string(Type type) {
    return detail::type_names[static_cast<std::size_t>(type)];
}
[[nodiscard]] constexpr std::optional<Type> type_from(std::string_view name) {
    return detail::find_name<Type>(detail::type_names, name);
}
/// Whether objects of this type come into being as the result of a call.
[[nodiscard]] constexpr bool is_result(Type type) {
    return type >= Type::AsyncResult && type <= Type::Future;
}

/// An object, and the arguments of its constructor:
///
/// | type | arguments, each with what stands for it if it is left out |
/// | --- | --- |
/// | Semaphore, BoundedSemaphore | value (1) |
/// | Condition | id of a Lock or RLock (null: one of its own) |
/// | Barrier | parties, action (null: none; "nothing", "add": to the first Cell, "linger", "raise", "abort", "reset"), nanoseconds (null) |
/// | Queue | maxsize (0) |
/// | WorkerPool, WorkerPoolExecutor | workers (null), initializer (null; the name of a function), its arguments ([]) |
/// | Cell | integer (0) |
///
/// Unless a call `create` of the main worker makes it, an object exists before the first call.
struct Object {
    Id id = no_object;
    Type type = Type::Lock;
    List arguments{};
    friend bool operator==(const Object&, const Object&) = default;
};

/// What is wrong with how a worker is made. `target`: its target is a closure that cannot be
/// transferred; `argument`: it gets an argument that cannot be; `spoilt`: one that can be when the
/// worker is made, and not any more when it is started; the others: it gets an object of this type.
// clang-format off
#define CONFORMANCE_WORKER_MISUSES(X)                                                         \
    X(none) X(target) X(argument) X(spoilt)                                                   \
    X(WorkerPool) X(WorkerPoolExecutor) X(AsyncResult) X(ImapIterator) X(ExecutorMap)         \
    X(Future) X(Worker)
// clang-format on
enum class WorkerMisuse : std::uint8_t {
#define X(name) name,
    CONFORMANCE_WORKER_MISUSES(X)
#undef X
};

namespace detail {
inline constexpr std::array worker_misuse_names{
#define X(name) std::string_view(#name),
    CONFORMANCE_WORKER_MISUSES(X)
#undef X
};
}  // namespace detail
#undef CONFORMANCE_WORKER_MISUSES

[[nodiscard]] constexpr std::string_view to_string(WorkerMisuse misuse) {
    return detail::worker_misuse_names[static_cast<std::size_t>(misuse)];
}
[[nodiscard]] constexpr std::optional<WorkerMisuse> worker_misuse_from(std::string_view name) {
    return detail::find_name<WorkerMisuse>(detail::worker_misuse_names, name);
}

/// A worker, which is an object too: its parent starts and joins it by ordinary calls.
struct WorkerPlan {
    Id id = 0;
    Id parent = no_object;  ///< none for the main worker, which has id 0
    std::string name{};     ///< empty: not given
    std::optional<bool> daemon{};
    std::int64_t repeat = 1;  ///< how often it makes its calls, all in their order each time
    std::vector<Call> calls{};
    WorkerMisuse misuse = WorkerMisuse::none;
    friend bool operator==(const WorkerPlan&, const WorkerPlan&) = default;
};

/// What the program does when its main worker has made all calls. `none`: it goes on to the next
/// scenario. Else its main function returns, or fails, and leaves what there is to the
/// implementation's own end of a program; or it is killed, and can do nothing more.
enum class ProgramEnd : std::uint8_t { none, by_return, by_failure, by_death };

struct Scenario {
    static constexpr int version = 1;
    std::uint64_t seed = 0;  ///< of the perturbation
    std::vector<Object> objects{};
    std::vector<WorkerPlan> workers{};
    /// Workers other than the main one begin their calls together, as near as the machine allows.
    bool aligned = false;
    /// Between calls: how many of 100 are preceded by a yield, a short sleep or some spinning.
    int perturbation = 0;
    ProgramEnd ends = ProgramEnd::none;
    friend bool operator==(const Scenario&, const Scenario&) = default;

    /// Whether a worker makes its calls several times: such histories are long.
    [[nodiscard]] bool has_rounds() const {
        return std::ranges::any_of(workers, [](const auto& worker) { return worker.repeat > 1; });
    }
    [[nodiscard]] const Object* find_object(Id id) const {
        const auto found = std::ranges::find(objects, id, &Object::id);
        return found != objects.end() ? &*found : nullptr;
    }
    [[nodiscard]] const WorkerPlan* find_worker(Id id) const {
        const auto found = std::ranges::find(workers, id, &WorkerPlan::id);
        return found != workers.end() ? &*found : nullptr;
    }
};

}  // namespace conformance
