#include "conformance/engine/object_checks.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "conformance/checker/barrier_checker.hpp"
#include "conformance/checker/counter_checker.hpp"
#include "conformance/checker/event_checker.hpp"
#include "conformance/checker/lock_checker.hpp"
#include "conformance/checker/queue_checker.hpp"
#include "conformance/checker/semaphore_checker.hpp"
#include "conformance/checker/task_checker.hpp"
#include "spec/model/task_functions.hpp"

namespace conformance {
namespace {

using checker::BarrierCall;
using checker::CounterCall;
using checker::EventCall;
using checker::LockCall;
using checker::QueueCall;
using checker::SemaphoreCall;
using checker::TaskCall;
using Places = std::vector<std::size_t>;

/// A time-out may come so much too early, as in `judge`.
constexpr std::int64_t tolerance = 1'000'000;

bool returned(const Entry& entry, bool flag) {
    return entry.responded && !entry.outcome.is_error() && entry.outcome.value() == Value(flag);
}
bool succeeded(const Entry& entry) {
    return entry.responded && !entry.outcome.is_error();
}
std::int64_t argument(const List& arguments, std::int64_t otherwise) {
    return !arguments.empty() && arguments[0].is_int() ? arguments[0].as_int() : otherwise;
}

/// When a call that gave up could do so at the earliest.
std::int64_t earliest_end(const Entry& entry) {
    const TimeLimit limit = entry.call.time_limit;
    if (!limit.is_finite() || limit.count() <= tolerance) return entry.invoked;
    return entry.invoked + std::min(limit.count() - tolerance, *entry.responded - entry.invoked);
}

/// Calls as a checker wants them, and their places in the history.
template <class C>
class Calls {
  public:
    void add(C call, std::size_t place) {
        calls_.push_back(std::move(call));
        places_.push_back(place);
    }
    [[nodiscard]] std::span<const C> calls() const { return calls_; }
    [[nodiscard]] std::optional<FoundInRounds> told(
        const std::optional<checker::Finding>& finding) const {
        if (!finding) return std::nullopt;
        FoundInRounds found{std::string(finding->rule), {}};
        for (const std::size_t call : finding->calls)
            found.entries.push_back(places_[call]);
        return found;
    }

  private:
    std::vector<C> calls_;
    Places places_;
};

/// An item as a number: small ones, and pairs of them, at once; others by a table.
class ItemNumbers {
  public:
    std::int64_t of(const Value& item) {
        constexpr std::int64_t small = std::int64_t{1} << 30;
        const auto is_small = [](const Value& value) {
            return value.is_int() && value.as_int() >= 0 && value.as_int() < small;
        };
        if (is_small(item)) return item.as_int();
        if (item.is_list() && item.as_list().size() == 2 && is_small(item.as_list()[0]) &&
            is_small(item.as_list()[1]))
            return (item.as_list()[0].as_int() + 1) * small + item.as_list()[1].as_int();
        return -1 - static_cast<std::int64_t>(
                        others_.try_emplace(to_string(item), others_.size()).first->second);
    }

  private:
    std::unordered_map<std::string, std::size_t> others_;
};

bool is_put(const Entry& entry) {
    return entry.call.operation == Operation::put || entry.call.operation == Operation::put_nowait;
}
bool is_get(const Entry& entry) {
    return entry.call.operation == Operation::get || entry.call.operation == Operation::get_nowait;
}

/// What killed consumers may have taken, as early as anybody can say: of the items that nobody has, those that
/// were put first, since whatever is left over at the end is behind all that was taken.
void add_losses(Calls<QueueCall>& calls, const History& history, const Places& places,
                ItemNumbers& numbers) {
    std::vector<std::pair<std::int64_t, std::size_t>> killed;
    std::vector<std::pair<std::int64_t, std::int64_t>> put;
    std::unordered_set<std::int64_t> taken;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (is_get(entry) && entry.killed) killed.emplace_back(entry.invoked, place);
        if (is_get(entry) && succeeded(entry)) taken.insert(numbers.of(entry.outcome.value()));
        if (is_put(entry) && succeeded(entry))
            put.emplace_back(*entry.responded, numbers.of(entry.call.arguments.at(0)));
    }
    std::erase_if(put, [&](const auto& item) { return taken.contains(item.second); });
    std::ranges::sort(put);
    std::ranges::sort(killed);
    for (std::size_t i = 0; i < std::min(killed.size(), put.size()); ++i)
        calls.add({QueueCall::Kind::get, put[i].second, killed[i].first, checker::never},
                  killed[i].second);
}

std::optional<FoundInRounds> check_order(const History& history, const Places& places) {
    Calls<QueueCall> calls;
    ItemNumbers numbers;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (is_put(entry)) {
            if (entry.responded && !succeeded(entry)) continue;
            calls.add({QueueCall::Kind::put, numbers.of(entry.call.arguments.at(0)), entry.invoked,
                       entry.responded},
                      place);
        } else if (is_get(entry) && succeeded(entry)) {
            calls.add({QueueCall::Kind::get, numbers.of(entry.outcome.value()), entry.invoked,
                       entry.responded},
                      place);
        } else if (is_get(entry) && entry.responded) {
            calls.add({QueueCall::Kind::empty, 0, earliest_end(entry), entry.responded}, place);
        }
    }
    add_losses(calls, history, places, numbers);
    return calls.told(checker::check_queue(calls.calls()));
}

std::optional<FoundInRounds> check_capacity(std::int64_t capacity, const History& history,
                                            const Places& places) {
    Calls<SemaphoreCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (is_put(entry) && succeeded(entry))
            calls.add({SemaphoreCall::Kind::acquire, 1, entry.invoked, entry.responded}, place);
        if (is_get(entry) && (!entry.responded || succeeded(entry)))
            calls.add({SemaphoreCall::Kind::release, 1, entry.invoked, entry.responded}, place);
    }
    auto found = calls.told(checker::check_semaphore(calls.calls(), capacity));
    if (found) found->rule = "more items were put than there is room for";
    return found;
}

std::optional<FoundInRounds> check_joins(const History& history, const Places& places) {
    Calls<TaskCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (is_put(entry) && succeeded(entry))
            calls.add({TaskCall::Kind::put, entry.invoked, entry.responded}, place);
        if (entry.call.operation == Operation::task_done)
            calls.add({TaskCall::Kind::done, entry.invoked, entry.responded}, place);
        if (entry.call.operation == Operation::join)
            calls.add({TaskCall::Kind::join, entry.invoked, entry.responded}, place);
    }
    return calls.told(checker::check_tasks(calls.calls()));
}

}  // namespace

std::optional<FoundInRounds> check_exclusion(bool is_reentrant, const History& history,
                                             const Places& places) {
    Calls<LockCall> calls;
    std::map<Id, int> depths;  // of reentrant holds
    using Kind = LockCall::Kind;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        const LockCall whole{Kind::acquire, entry.worker, entry.invoked, entry.responded, {}};
        const auto add = [&](Kind kind) {
            LockCall call = whole;
            call.kind = kind;
            calls.add(call, place);
        };
        int& depth = depths[entry.worker];
        switch (entry.call.operation) {
            case Operation::acquire:
                if (returned(entry, true) && (depth++ == 0 || !is_reentrant)) add(Kind::acquire);
                if (returned(entry, false)) {
                    LockCall call = whole;
                    call.kind = Kind::failed;
                    call.deadline = earliest_end(entry);
                    calls.add(call, place);
                }
                break;
            case Operation::release:
                if (depth > 0 && --depth > 0 && is_reentrant) break;
                add(Kind::release);
                break;
            case Operation::wait:
            case Operation::wait_for:
                add(Kind::release);
                if (entry.responded) add(Kind::acquire);
                break;
            default:
                break;
        }
    }
    return calls.told(checker::check_lock(calls.calls()));
}

std::optional<FoundInRounds> check_notifications(const History& history, const Places& places) {
    Calls<SemaphoreCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (entry.call.operation == Operation::notify_all) return std::nullopt;
        if (entry.call.operation == Operation::notify)
            calls.add({SemaphoreCall::Kind::release, argument(entry.call.arguments, 1),
                       entry.invoked, entry.responded},
                      place);
        if (entry.call.operation == Operation::wait && returned(entry, true))
            calls.add({SemaphoreCall::Kind::acquire, 1, entry.invoked, entry.responded}, place);
    }
    auto found = calls.told(checker::check_semaphore(calls.calls(), 0));
    if (found) found->rule = "more waits returned than were notified";
    return found;
}

std::optional<FoundInRounds> check_permits(const Object& semaphore, const History& history,
                                           const Places& places) {
    Calls<SemaphoreCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (entry.call.operation == Operation::acquire && returned(entry, true))
            calls.add({SemaphoreCall::Kind::acquire, 1, entry.invoked, entry.responded}, place);
        if (entry.call.operation == Operation::release)
            calls.add({SemaphoreCall::Kind::release, 1, entry.invoked, entry.responded}, place);
    }
    return calls.told(checker::check_semaphore(calls.calls(), argument(semaphore.arguments, 1)));
}

std::optional<FoundInRounds> check_generations(const Object& barrier, const History& history,
                                               const Places& places) {
    Calls<BarrierCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        if (entry.call.operation == Operation::reset || entry.call.operation == Operation::abort ||
            entry.killed)
            return std::nullopt;
        if (entry.call.operation != Operation::wait) continue;
        const bool has_index = succeeded(entry) && entry.outcome.value().is_int();
        if (entry.responded && !has_index) return FoundInRounds{"wait returned no index", {place}};
        calls.add({entry.worker, has_index ? entry.outcome.value().as_int() : 0, entry.invoked,
                   entry.responded},
                  place);
    }
    const auto parties =
        static_cast<std::size_t>(std::max<std::int64_t>(argument(barrier.arguments, 1), 1));
    return calls.told(checker::check_barrier(calls.calls(), parties));
}

std::optional<FoundInRounds> check_sightings(const History& history, const Places& places) {
    Calls<EventCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        using Kind = EventCall::Kind;
        if (entry.call.operation == Operation::set || entry.call.operation == Operation::clear) {
            const bool sets = entry.call.operation == Operation::set;
            calls.add({sets ? Kind::set : Kind::clear, entry.invoked, entry.responded}, place);
        } else if (returned(entry, true)) {
            calls.add({Kind::seen_set, entry.invoked, entry.responded}, place);
        } else if (returned(entry, false)) {
            calls.add({Kind::seen_clear, earliest_end(entry), entry.responded}, place);
        }
    }
    return calls.told(checker::check_event(calls.calls()));
}

std::optional<FoundInRounds> check_items(const Object& queue, const History& history,
                                         const Places& places) {
    if (auto found = check_order(history, places)) return found;
    const std::int64_t capacity = argument(queue.arguments, 0);
    if (queue.type == Type::Queue && capacity > 0) {
        if (auto found = check_capacity(capacity, history, places)) return found;
    }
    return check_joins(history, places);
}

std::optional<FoundInRounds> check_additions(const Object& cell, const History& history,
                                             const Places& places) {
    Calls<CounterCall> calls;
    for (const std::size_t place : places) {
        const Entry& entry = history.entries[place];
        using Kind = CounterCall::Kind;
        const Kind kind = entry.call.operation == Operation::add     ? Kind::add
                          : entry.call.operation == Operation::write ? Kind::write
                                                                     : Kind::read;
        const bool has_result = succeeded(entry) && entry.outcome.value().is_int();
        calls.add({kind, argument(entry.call.arguments, kind == Kind::add ? 1 : 0),
                   has_result ? entry.outcome.value().as_int() : 0, entry.invoked, entry.responded},
                  place);
    }
    return calls.told(checker::check_counter(calls.calls(), argument(cell.arguments, 0)));
}

std::optional<FoundInRounds> check_results(const History& history) {
    std::map<Id, std::pair<Outcome, std::size_t>> promised;  // by what the calls result in
    const auto task = [](const Value& function, const List& arguments) -> std::optional<Outcome> {
        if (!function.is_string()) return std::nullopt;
        const model::TaskResult result =
            model::TaskFunctions::call(function.as_string(), arguments);
        if (result.kind != model::TaskResult::Kind::known) return std::nullopt;
        return result.outcome;
    };
    const auto expected = [&](const Call& call) -> std::optional<Outcome> {
        if (call.arguments.size() < 2 || !call.arguments[1].is_list()) return std::nullopt;
        const List& list = call.arguments[1].as_list();
        if (call.operation == Operation::apply || call.operation == Operation::apply_async ||
            call.operation == Operation::submit)
            return task(call.arguments[0], list);
        if (call.operation != Operation::map && call.operation != Operation::map_async)
            return std::nullopt;
        List results;
        for (const Value& element : list) {
            const auto one = task(call.arguments[0], {element});
            if (!one || one->is_error()) return std::nullopt;
            results.push_back(one->value());
        }
        return Outcome(Value(std::move(results)));
    };
    for (std::size_t i = 0; i < history.entries.size(); ++i) {
        const Entry& entry = history.entries[i];
        if (!entry.responded) continue;
        if (entry.call.into != no_object) {
            promised.erase(entry.call.into);
            if (auto outcome = expected(entry.call))
                promised.insert({entry.call.into, {*std::move(outcome), i}});
        } else if (entry.call.operation == Operation::apply ||
                   entry.call.operation == Operation::map) {
            const auto outcome = expected(entry.call);
            if (outcome && *outcome != entry.outcome)
                return FoundInRounds{"a task came to another result than " + to_string(*outcome),
                                     {i}};
        } else if (entry.call.operation == Operation::get ||
                   entry.call.operation == Operation::result) {
            const auto promise = promised.find(entry.call.object);
            if (promise != promised.end() && promise->second.first != entry.outcome)
                return FoundInRounds{
                    "a task came to another result than " + to_string(promise->second.first),
                    {promise->second.second, i}};
        }
    }
    return std::nullopt;
}

}  // namespace conformance
