#pragma once
/// \file
/// What pools and futures call back: rule 5.16 of the driver protocol.
///
///     const MaybeCallback<Traits> callback(arguments, 2, pool);   // nothing if it is left out
///     pool.apply_async({.callback = callback, .error_callback = {}}, task, text);

#include <unistd.h>

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/tasks.hpp"
#include "spec/scenario/callback.hpp"

namespace conformance::kit {

template <class Traits>
class Callback {
  public:
    /// Of the list `parts`; `submit` does so to `pool`. Throws DriverFault.
    Callback(const Arguments<Traits>& arguments, const List& parts, LocalObject<Traits>& pool)
        : pool_(&pool), process_(getpid()) {
        const Arguments<Traits> part(arguments.environment(), parts);
        const auto action = callback_action_from(part.text(0));
        if (!action) throw DriverFault("there is no such action of a callback");
        action_ = *action;
        expected_ = part.at(2);
        if (action_ == CallbackAction::set) {
            event_ = arguments.environment().handle(part.id(1));
        } else {
            cell_ = &part.cell(1);
        }
    }

    void operator()(const text_type<Traits>& text) const {
        act([&] { return value_from_json(static_cast<const std::string&>(text)); });
    }
    void operator()(const std::vector<text_type<Traits>>& texts) const {
        act([&] {
            List values;
            for (const std::string& text : texts)
                values.push_back(value_from_json(text));
            return Value(std::move(values));
        });
    }
    void operator()(const std::exception_ptr& failure) const {
        act([&] { return Value(to_string(Traits::classify(failure))); });
    }
    /// A future, which is done.
    template <class Future>
        requires requires(const Future& future) { future.result(Traits::timeout(TimeLimit())); }
    void operator()(const Future& future) const {
        act([&] {
            try {
                return value_from_json(
                    static_cast<const std::string&>(future.result(Traits::timeout(TimeLimit()))));
            } catch (...) {
                return Value(to_string(Traits::classify(std::current_exception())));
            }
        });
    }

  private:
    struct Foreign {};  // no std::exception

    template <class Got>
    void act(const Got& got) const {
        switch (action_) {
            case CallbackAction::add:
                return count(true);
            case CallbackAction::expect:
                return count(got() == expected_);
            case CallbackAction::raise:
                count(true);
                Traits::raise(ErrorKind::Other);
            case CallbackAction::raise_foreign:
                count(true);
                throw Foreign();
            case CallbackAction::submit:
                return submit();
            case CallbackAction::home:
                return count(getpid() == process_);
            case CallbackAction::set:
                return set();
        }
    }
    void count(bool is_right) const { cell_->add(is_right ? 1 : 1000); }

    void set() const {
        if constexpr (has_type<Traits, Type::Event>) {
            using Event = object_type<Traits, Type::Event>;
            Event event = std::get<Event>(event_);
            event.set();
        }
    }

    void submit() const {
        Callback then = *this;
        then.action_ = CallbackAction::expect;
        then.expected_ = 9;
        const auto square = task_of<Traits, 1>(TaskFunction::square);
        try {
            if constexpr (has_type<Traits, Type::WorkerPool>) {
                using Pool = object_type<Traits, Type::WorkerPool>;
                if (auto* const pool = std::get_if<Pool>(pool_)) {
                    static_cast<void>(pool->apply_async({.callback = then, .error_callback = then},
                                                        square, text_type<Traits>("3")));
                    return;
                }
            }
            if constexpr (has_type<Traits, Type::WorkerPoolExecutor>) {
                using Pool = object_type<Traits, Type::WorkerPoolExecutor>;
                if (auto* const pool = std::get_if<Pool>(pool_)) {
                    auto future = pool->submit(square, text_type<Traits>("3"));
                    future.add_done_callback(then);
                    return;
                }
            }
        } catch (...) {  // what is wrong shows in the Cell
        }
        count(false);
    }

    CallbackAction action_ = CallbackAction::add;
    Cell* cell_ =
        nullptr;  // stays where it is, so that the callback may outlive the scenario's objects
    Handle<Traits> event_{};
    Value expected_{};
    LocalObject<Traits>* pool_;
    pid_t process_;
};

/// A Callback, or what makes an empty function of the implementation's own.
template <class Traits>
class MaybeCallback {
  public:
    MaybeCallback() = default;
    /// The argument at `index`.
    MaybeCallback(const Arguments<Traits>& arguments, std::size_t index,
                  LocalObject<Traits>& pool) {
        if (!arguments.at(index).is_null())
            callback_.emplace(arguments, arguments.list(index), pool);
    }
    [[nodiscard]] bool is_given() const { return callback_.has_value(); }

    template <class Function>
        requires std::constructible_from<Function, const Callback<Traits>&> &&
                 std::default_initializable<Function>
    operator Function() const {  // NOLINT(google-explicit-constructor): whatever it is given to
        return callback_ ? Function(*callback_) : Function();
    }

  private:
    std::optional<Callback<Traits>> callback_;
};

/// Whether the implementation's pools take callbacks.
template <class Traits>
concept PoolsCallBack =
    has_type<Traits, Type::WorkerPool> &&
    requires(object_type<Traits, Type::WorkerPool>& pool,
             text_type<Traits> (*task)(text_type<Traits>),
             const std::vector<text_type<Traits>>& texts, const MaybeCallback<Traits>& callback) {
        pool.apply_async({.callback = callback, .error_callback = callback}, task, texts.front());
        pool.map_async(task, texts, std::optional<std::int64_t>(),
                       {.callback = callback, .error_callback = callback});
    };

}  // namespace conformance::kit
