#pragma once
/// \file
/// One call of the API, and what became of it.
///
///     const Call call{.id = 7, .object = 1, .operation = Operation::acquire,
///                     .arguments = {true}, .time_limit = TimeLimit::milliseconds(50)};
///     const Outcome outcome = ErrorKind::Empty;
///
/// Pure; nothing blocks or throws.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "spec/scenario/value.hpp"

namespace conformance {

/// Workers and objects are numbered by the scenario, in one sequence. Worker 0 is the main one.
using Id = std::int32_t;
inline constexpr Id no_object = -1;

// clang-format off
#define CONFORMANCE_ERROR_KINDS(X)                                                       \
    X(ValueError) X(RuntimeError) X(Empty) X(Full) X(TimeoutError) X(BrokenBarrierError) \
    X(CancelledError) X(BrokenWorkerPool) X(ResourceError) X(TypeError) X(Other)
// clang-format on

/// What of an error is portable. `Other`: an exception of none of these classes, as the tasks of
/// pools throw.
enum class ErrorKind : std::uint8_t {
#define X(name) name,
    CONFORMANCE_ERROR_KINDS(X)
#undef X
};

/// The API's operations by the API's names, and a few of the suite's own:
/// `create` makes an object that the scenario declares (all others are made before any call);
/// `with` encloses a body (its argument: "nothing", "raise" or "release") between acquire and
/// release; `read`, `write` and `add` are those of a Cell; `run` is what a worker does from its
/// beginning to its end; `await_blocked` waits until another worker sleeps; `kill`, `stop` and
/// `resume` do that to another worker; `raise` lets an error leave the caller's target; `drop` gives
/// up the caller's reference to an object or a worker; `terminate_later` has a pool terminated once
/// the caller sleeps in a later call; `offers` looks whether an object has a public member of a name.
// clang-format off
#define CONFORMANCE_OPERATIONS(X)                                                          \
    X(create) X(acquire) X(release) X(locked) X(with)                                      \
    X(wait) X(wait_for) X(notify) X(notify_all)                                            \
    X(set) X(clear) X(is_set)                                                              \
    X(reset) X(abort) X(parties) X(n_waiting) X(broken)                                    \
    X(put) X(get) X(put_nowait) X(get_nowait) X(qsize) X(empty) X(full) X(task_done)       \
    X(join) X(read) X(write) X(add)                                                        \
    X(start) X(is_alive) X(name) X(set_name) X(daemon) X(set_daemon) X(run)                \
    X(get_backend) X(get_ident) X(current_worker) X(active_count) X(active_children)       \
    X(enumerate)                                                                           \
    X(apply) X(apply_async) X(map) X(map_async) X(imap) X(imap_unordered) X(starmap)       \
    X(starmap_async) X(close) X(terminate) X(terminate_later) X(ready) X(successful)       \
    X(next) X(submit) X(shutdown) X(result) X(exception) X(done) X(running)                \
    X(cancelled) X(cancel) X(add_done_callback) X(await_blocked) X(kill) X(stop) X(resume) \
    X(raise) X(drop) X(offers)
// clang-format on

enum class Operation : std::uint8_t {
#define X(name) name,
    CONFORMANCE_OPERATIONS(X)
#undef X
};

namespace detail {
inline constexpr std::array error_kind_names{
#define X(name) std::string_view(#name),
    CONFORMANCE_ERROR_KINDS(X)
#undef X
};
inline constexpr std::array operation_names{
#define X(name) std::string_view(#name),
    CONFORMANCE_OPERATIONS(X)
#undef X
};
template <class Enum, class Names>
[[nodiscard]] constexpr std::optional<Enum> find_name(const Names& names, std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
}
}  // namespace detail
#undef CONFORMANCE_ERROR_KINDS
#undef CONFORMANCE_OPERATIONS

[[nodiscard]] constexpr std::string_view to_string(ErrorKind kind) {
    return detail::error_kind_names[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::string_view to_string(Operation operation) {
    return detail::operation_names[static_cast<std::size_t>(operation)];
}
[[nodiscard]] constexpr std::optional<ErrorKind> error_kind_from(std::string_view name) {
    return detail::find_name<ErrorKind>(detail::error_kind_names, name);
}
[[nodiscard]] constexpr std::optional<Operation> operation_from(std::string_view name) {
    return detail::find_name<Operation>(detail::operation_names, name);
}

/// How long a call may block at most, as its caller says it.
class TimeLimit {
  public:
    enum class Kind : std::uint8_t { none, finite, infinite, not_a_number, text };

    constexpr TimeLimit() = default;  ///< none given: for ever
    [[nodiscard]] static constexpr TimeLimit nanoseconds(std::int64_t count) {
        return {Kind::finite, count};
    }
    [[nodiscard]] static constexpr TimeLimit milliseconds(std::int64_t count) {
        return nanoseconds(count * 1'000'000);
    }
    [[nodiscard]] static constexpr TimeLimit infinite() { return {Kind::infinite, 0}; }
    [[nodiscard]] static constexpr TimeLimit not_a_number() { return {Kind::not_a_number, 0}; }
    /// A text instead of a time: a TypeError.
    [[nodiscard]] static constexpr TimeLimit text() { return {Kind::text, 0}; }

    [[nodiscard]] constexpr Kind kind() const { return kind_; }
    [[nodiscard]] constexpr bool is_none() const { return kind_ == Kind::none; }
    [[nodiscard]] constexpr bool is_nan() const { return kind_ == Kind::not_a_number; }
    [[nodiscard]] constexpr bool is_finite() const { return kind_ == Kind::finite; }
    [[nodiscard]] constexpr bool is_negative() const { return is_finite() && count_ < 0; }
    /// Nanoseconds, if finite.
    [[nodiscard]] constexpr std::int64_t count() const { return count_; }

    friend constexpr bool operator==(TimeLimit, TimeLimit) = default;
    [[nodiscard]] constexpr std::size_t hash() const {
        return hash_of_both(static_cast<std::size_t>(kind_), static_cast<std::size_t>(count_));
    }

  private:
    constexpr TimeLimit(Kind kind, std::int64_t count) : kind_(kind), count_(count) {}
    Kind kind_ = Kind::none;
    std::int64_t count_ = 0;
};

struct Call {
    Id id = 0;  ///< unique in the scenario
    Id object = no_object;
    Operation operation = Operation::create;
    List arguments{};
    TimeLimit time_limit{};
    Id into = no_object;  ///< the object that the call results in (a Future, say), if it does

    friend bool operator==(const Call&, const Call&) = default;
    [[nodiscard]] std::size_t hash() const {
        std::size_t hash = hash_of_both(static_cast<std::size_t>(operation), time_limit.hash());
        hash = hash_of_both(hash, static_cast<std::size_t>(object));
        hash = hash_of_both(hash, static_cast<std::size_t>(into));
        return hash_of_both(hash, Value(arguments).hash());
    }
};

/// What a call that ended came to: a value, or an error of a kind.
class Outcome {
  public:
    Outcome() = default;                                  // NOLINT: null
    Outcome(Value value) : content_(std::move(value)) {}  // NOLINT
    Outcome(ErrorKind kind) : content_(kind) {}           // NOLINT

    [[nodiscard]] bool is_error() const { return std::holds_alternative<ErrorKind>(content_); }
    [[nodiscard]] const Value& value() const { return std::get<Value>(content_); }
    [[nodiscard]] ErrorKind error() const { return std::get<ErrorKind>(content_); }

    friend bool operator==(const Outcome&, const Outcome&) = default;
    [[nodiscard]] std::size_t hash() const {
        return is_error() ? ~static_cast<std::size_t>(error()) : value().hash();
    }

  private:
    std::variant<Value, ErrorKind> content_;
};

[[nodiscard]] inline std::string to_string(const Outcome& outcome) {
    return outcome.is_error() ? std::string(to_string(outcome.error()))
                              : to_string(outcome.value());
}

}  // namespace conformance
