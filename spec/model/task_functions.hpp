#pragma once
/// \file
/// The functions that tasks of pools and executors, and initializers, may call: a fixed library, by
/// name, that every driver provides.
///
/// | function | what it returns |
/// | --- | --- |
/// | square(n), add(a, b), multiply(a, b) | integers; they wrap around |
/// | is_prime(n) | bool |
/// | echo(x); nothing() | x; null |
/// | concat(text...) | the texts joined |
/// | fail(kind) | nothing: raises the error of that name, or one of a class of its own |
/// | sleep(nanoseconds) | null, later |
/// | print(text) | null |
/// | name(), ident() | the worker's name; its identifier |
/// | set_mark(n), get_mark() | what the same worker marked last; which that is, is left free |
/// | start_worker() | null, or RuntimeError in a pool (POOL-29, EXEC-24) |
/// | die() | nothing: the worker process ends at once |
/// | die_after(nanoseconds) | null at once; the worker process ends that much later |
/// | opaque() | a value that cannot be transferred: ValueError (POOL-26, EXEC-22) |
/// | put_to(queue, value) | null, or RuntimeError, also from the submission (GEN-13) |
/// | keep(queue); put_kept(value) | null; null |
///
/// Those above sleep are pure. A call that does not fit its function is an error of the task,
/// TypeError (POOL-5). A function that the library does not have, as `opaque_function`, is one that
/// cannot be transferred: the submitting call raises ValueError, or TypeError where the compiler
/// rejects it (GEN-10). So is an argument of a single task; an item of an input makes its own
/// result raise ValueError (GEN-11).

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "spec/model/observed.hpp"
#include "spec/model/offer.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance::model {

/// What a task comes to.
struct TaskResult {
    enum class Kind : std::uint8_t {
        known,
        text,     ///< some text that is not empty
        integer,  ///< some positive integer
        anything,
        starts_worker,   ///< null, or an error where workers may not start others
        dies,            ///< its worker dies
        dies_later,      ///< null, and its worker dies some time later
        may_be_refused,  ///< null, or RuntimeError
    };
    Kind kind = Kind::known;
    Outcome outcome{};  ///< if known
    friend bool operator==(const TaskResult&, const TaskResult&) = default;

    [[nodiscard]] std::size_t hash() const {
        return hash_of_both(static_cast<std::size_t>(kind), outcome.hash());
    }
    [[nodiscard]] bool is_failure() const {
        return kind == Kind::dies || (kind == Kind::known && outcome.is_error());
    }
    /// What the caller gets, `seen` being what it got if it got a value. Fulfils POOL-30, EXEC-21.
    [[nodiscard]] Outcome outcome_like(const Value& seen) const {
        switch (kind) {
            case Kind::known:
                return outcome;
            case Kind::text:
                return seen.is_string() && !seen.as_string().empty() ? seen : Value("(some text)");
            case Kind::integer:
                return seen.is_int() && seen.as_int() > 0 ? seen : Value(1);
            case Kind::anything:
                return seen;
            case Kind::starts_worker:
            case Kind::dies_later:
            case Kind::may_be_refused:
                return Value();
            case Kind::dies:
                break;
        }
        return ErrorKind::BrokenWorkerPool;
    }
};

class TaskFunctions {
  public:
    [[nodiscard]] static bool has(std::string_view name) { return find(name) != nullptr; }

    /// Whether the result depends on the arguments only, and the call on nothing else.
    [[nodiscard]] static bool is_pure(std::string_view name) {
        const Function* const function = find(name);
        return function != nullptr && function->pure;
    }

    [[nodiscard]] static TaskResult call(std::string_view name, const List& arguments) {
        const Function* const function = find(name);
        if (contain(arguments, Opaque::transfer)) return known(ErrorKind::ValueError);
        if (contain(arguments, Opaque::rebuild)) return known(ErrorKind::Other);
        if (function == nullptr || !function->fits(arguments)) return known(ErrorKind::TypeError);
        return function->call(arguments);
    }

  private:
    static TaskResult known(Outcome outcome) { return {.outcome = std::move(outcome)}; }
    template <TaskResult::Kind kind>
    static TaskResult unknown(const List&) {
        return {kind, Outcome()};
    }

    struct Function {
        std::string_view name;
        std::string_view kinds;  // of its arguments: i(nteger), t(ext), v(alue); * any number
        bool pure;
        TaskResult (*call)(const List& arguments);

        [[nodiscard]] bool fits(const List& arguments) const {
            const bool repeats = kinds.ends_with('*');
            if (!repeats && arguments.size() != kinds.size()) return false;
            for (std::size_t i = 0; i < arguments.size(); ++i) {
                const char kind = repeats ? kinds[0] : kinds[i];
                if (kind == 'i' && !arguments[i].is_int()) return false;
                if (kind == 't' && !arguments[i].is_string()) return false;
            }
            return true;
        }
    };

    static const Function* find(std::string_view name) {
        static constexpr Function functions[] = {
            {"square", "i", true,
             [](const List& list) { return known(multiplied(list[0], list[0])); }},
            {"add", "ii", true, [](const List& list) { return known(added(list[0], list[1])); }},
            {"multiply", "ii", true,
             [](const List& list) { return known(multiplied(list[0], list[1])); }},
            {"is_prime", "i", true,
             [](const List& list) { return known(Value(is_prime(list[0].as_int()))); }},
            {"echo", "v", true, [](const List& list) { return known(list[0]); }},
            {"nothing", "", true, [](const List&) { return known(Value()); }},
            {"concat", "t*", true, [](const List& list) { return known(joined(list)); }},
            {"fail", "t", true, [](const List& list) { return known(error(list[0].as_string())); }},
            {"sleep", "i", false, [](const List&) { return known(Value()); }},
            {"print", "t", false, [](const List&) { return known(Value()); }},
            {"name", "", false, unknown<TaskResult::Kind::text>},
            {"ident", "", false, unknown<TaskResult::Kind::integer>},
            {"set_mark", "i", false, unknown<TaskResult::Kind::anything>},
            {"get_mark", "", false, unknown<TaskResult::Kind::anything>},
            {"start_worker", "", false, unknown<TaskResult::Kind::starts_worker>},
            {"die", "v*", false, unknown<TaskResult::Kind::dies>},
            {"die_after", "i", false, unknown<TaskResult::Kind::dies_later>},
            {"opaque", "", true, [](const List&) { return known(ErrorKind::ValueError); }},
            {"put_to", "iv", false, unknown<TaskResult::Kind::may_be_refused>},
            {"keep", "i", false, [](const List&) { return known(Value()); }},
            {"put_kept", "v", false, [](const List&) { return known(Value()); }},
        };
        const auto* const found = std::ranges::find(functions, name, &Function::name);
        return found != std::end(functions) ? found : nullptr;
    }

    static std::uint64_t bits(const Value& value) {
        return static_cast<std::uint64_t>(value.as_int());
    }
    static Value added(const Value& a, const Value& b) { return bits(a) + bits(b); }
    static Value multiplied(const Value& a, const Value& b) { return bits(a) * bits(b); }
    static bool is_prime(std::int64_t number) {
        for (std::int64_t divisor = 2; divisor <= number / divisor; ++divisor) {
            if (number % divisor == 0) return false;
        }
        return number > 1;
    }
    static Value joined(const List& texts) {
        std::string all;
        for (const Value& one : texts)
            all += one.as_string();
        return all;
    }
    static ErrorKind error(const std::string& kind) {
        return error_kind_from(kind).value_or(ErrorKind::Other);
    }
};

/// Whether a worker may die after the task; if so, it is from now on as one that returns null.
[[nodiscard]] inline bool kills_later(TaskResult& task) {
    if (task.kind != TaskResult::Kind::dies_later) return false;
    task = {};
    return true;
}

/// The task that applies the function named by `arguments[0]` to the list `arguments[1]`; nothing
/// if there is no such function, or they cannot be transferred. Arguments of apply, apply_async and
/// submit.
[[nodiscard]] inline std::optional<TaskResult> single_task(const List& arguments) {
    if (!TaskFunctions::has(text(arguments, 0)) ||
        argument(arguments, 1).contains(Opaque::transfer))
        return std::nullopt;
    return TaskFunctions::call(text(arguments, 0), list(arguments, 1));
}

/// The tasks that apply it to each element of the list `arguments[1]`, or spread each if
/// `starred`. Arguments of the map family of pools. Fulfils POOL-9.
[[nodiscard]] inline std::optional<std::vector<TaskResult>> tasks_of_map(const List& arguments,
                                                                         bool starred) {
    if (!TaskFunctions::has(text(arguments, 0))) return std::nullopt;
    std::vector<TaskResult> results;
    for (const Value& item : list(arguments, 1)) {
        if (starred && !item.is_list()) {
            results.push_back({.outcome = ErrorKind::TypeError});
        } else {
            results.push_back(
                TaskFunctions::call(text(arguments, 0), starred ? item.as_list() : List{item}));
        }
    }
    return results;
}

/// Whether the initializer of a pool or executor that gets these arguments, or one of its own
/// arguments, cannot be transferred.
[[nodiscard]] inline bool has_opaque_initializer(const List& arguments) {
    return text(arguments, 1) == opaque_function ||
           argument(arguments, 2).contains(Opaque::transfer);
}

[[nodiscard]] inline std::size_t hash_of_results(const std::vector<TaskResult>& results) {
    return hash_of_all(results, [](const TaskResult& result) { return result.hash(); });
}

}  // namespace conformance::model
