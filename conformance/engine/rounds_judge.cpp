#include "conformance/engine/rounds_judge.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "conformance/engine/call_text.hpp"
#include "conformance/engine/long_history.hpp"
#include "conformance/engine/object_checks.hpp"
#include "conformance/engine/timeline.hpp"

namespace conformance {
namespace {

using Verdict = Judgement::Verdict;
using Places = std::vector<std::size_t>;

class RoundsJudge {
  public:
    RoundsJudge(const Scenario& scenario, const RunResult& result)
        : scenario_(scenario), history_(result.history), status_(result.status) {
        for (std::size_t i = 0; i < history_.entries.size(); ++i) {
            const Entry& entry = history_.entries[i];
            if (entry.call.operation == Operation::run) continue;
            places_[entry.call.object].push_back(i);
            if (const Id lock = lock_of(entry.call.object); lock != no_object)
                places_of_locks_[lock].push_back(i);
        }
    }

    Judgement judge() const {
        auto found = find_error();
        if (found) return told("", *found);
        for (const Object& object : scenario_.objects) {
            found = check(object);
            if (found) return told(name_of(scenario_, object.id) + ": ", *found);
        }
        found = check_results(history_);
        if (found) return told("", *found);
        if (status_ == RunResult::Status::stuck) return stuck();
        return {.verdict = Verdict::conforms};
    }

  private:
    /// The lock, or the condition that has one of its own, whose holds calls on an object change.
    [[nodiscard]] Id lock_of(Id id) const {
        const Object* const object = scenario_.find_object(id);
        if (object == nullptr) return no_object;
        if (object->type == Type::Lock || object->type == Type::RLock) return id;
        if (object->type != Type::Condition) return no_object;
        const bool is_shared = !object->arguments.empty() && object->arguments[0].is_int();
        return is_shared ? static_cast<Id>(object->arguments[0].as_int()) : id;
    }
    [[nodiscard]] const Places& places_on(const std::map<Id, Places>& all, Id object) const {
        static const Places none;
        const auto found = all.find(object);
        return found != all.end() ? found->second : none;
    }

    [[nodiscard]] std::optional<FoundInRounds> find_error() const {
        const auto error = std::ranges::find_if(history_.entries, [](const Entry& entry) {
            return entry.responded && entry.outcome.is_error() &&
                   entry.outcome != Outcome(ErrorKind::Empty) &&
                   entry.outcome != Outcome(ErrorKind::Full);
        });
        if (error == history_.entries.end()) return std::nullopt;
        return FoundInRounds{"an error was raised where no call is a mistake",
                             {static_cast<std::size_t>(error - history_.entries.begin())}};
    }

    [[nodiscard]] std::optional<FoundInRounds> check(const Object& object) const {
        const Places& places = places_on(places_, object.id);
        const auto exclusion = [&](bool is_reentrant) {
            return check_exclusion(is_reentrant, history_, places_on(places_of_locks_, object.id));
        };
        switch (object.type) {
            case Type::Lock:
                return exclusion(false);
            case Type::RLock:
                return exclusion(true);
            case Type::Condition: {
                auto found = check_notifications(history_, places);
                if (!found && lock_of(object.id) == object.id) found = exclusion(true);
                return found;
            }
            case Type::Semaphore:
            case Type::BoundedSemaphore:
                return check_permits(object, history_, places);
            case Type::Event:
                return check_sightings(history_, places);
            case Type::Barrier:
                return check_generations(object, history_, places);
            case Type::Queue:
            case Type::SimpleQueue:
                return check_items(object, history_, places);
            case Type::Cell:
                return check_additions(object, history_, places);
            default:
                return std::nullopt;  // pools and results: check_results
        }
    }

    /// How many more calls of the first kind succeeded on an object than of the second.
    template <class First, class Second>
    [[nodiscard]] std::int64_t balance(Id object, First first, Second second) const {
        std::int64_t count = 0;
        for (const std::size_t place : places_on(places_, object)) {
            const Entry& entry = history_.entries[place];
            if (!entry.responded || entry.outcome.is_error()) continue;
            if (entry.outcome.value() == Value(false)) continue;
            count += std::ranges::count(first, entry.call.operation) -
                     std::ranges::count(second, entry.call.operation);
        }
        return count;
    }
    /// Whether it is certain that a call that is pending at the standstill could go on.
    [[nodiscard]] bool could_proceed(const Entry& entry) const {
        using Operations = std::vector<Operation>;
        const Operations acquires{Operation::acquire};
        const Operations releases{Operation::release};
        const Operations puts{Operation::put, Operation::put_nowait};
        const Operations gets{Operation::get, Operation::get_nowait};
        const Object* const object = scenario_.find_object(entry.call.object);
        if (object == nullptr) return false;
        const std::int64_t number = !object->arguments.empty() && object->arguments[0].is_int()
                                        ? object->arguments[0].as_int()
                                        : (object->type == Type::Queue ? 0 : 1);
        const Operation operation = entry.call.operation;
        switch (object->type) {
            case Type::Lock:
            case Type::RLock:
                // A wait of a condition over it may hold it.
                return places_on(places_, object->id) == places_on(places_of_locks_, object->id) &&
                       balance(object->id, acquires, releases) == 0;
            case Type::Semaphore:
            case Type::BoundedSemaphore:
                return number + balance(object->id, releases, acquires) > 0;
            case Type::Queue:
            case Type::SimpleQueue: {
                const std::int64_t items = balance(object->id, puts, gets);
                if (operation == Operation::get) return items > 0;
                if (operation == Operation::put) return number > 0 && items < number;
                return operation == Operation::join &&
                       balance(object->id, puts, Operations{Operation::task_done}) == 0;
            }
            default:
                return false;
        }
    }

    [[nodiscard]] std::string who_called(std::size_t place) const {
        const Entry& entry = history_.entries[place];
        std::string text =
            "worker " + std::to_string(entry.worker) + ": " + to_text(scenario_, entry.call);
        const WorkerPlan* const plan = scenario_.find_worker(entry.worker);
        if (plan != nullptr && plan->repeat > 1) text += " in round " + std::to_string(entry.round);
        if (entry.responded) text += " -> " + to_text(entry.outcome);
        return text;
    }

    [[nodiscard]] Judgement told(const std::string& object, const FoundInRounds& found) const {
        std::string reason = object + found.rule;
        for (std::size_t i = 0; i < found.entries.size(); ++i)
            reason += (i == 0 ? ": " : "; ") + who_called(found.entries[i]);
        return shown(reason, found.entries);
    }

    [[nodiscard]] Judgement stuck() const {
        Places pending;
        for (std::size_t i = 0; i < history_.entries.size(); ++i) {
            const Entry& entry = history_.entries[i];
            if (!entry.responded && !entry.killed && entry.call.operation != Operation::run)
                pending.push_back(i);
        }
        if (pending.empty())
            return shown(
                "all calls returned, and then nothing moves any more: a worker does not "
                "come to its end, or an object cannot be released",
                {});
        const auto able = std::ranges::find_if(
            pending, [&](std::size_t place) { return could_proceed(history_.entries[place]); });
        if (able != pending.end())
            return shown(who_called(*able) + " never returned, though it could proceed", {*able});
        // Of those who wait for others the main worker is the least telling.
        const std::string others = std::to_string(pending.size() - 1);
        return shown("nothing moves any more, though this scenario always comes to its end: " +
                         who_called(pending.back()) + " never returned" +
                         (pending.size() > 1 ? ", nor did " + others + " more" : ""),
                     {pending.back()});
    }

    /// With the calls around the last of `entries`; of every worker's the last ones if there are none.
    [[nodiscard]] Judgement shown(const std::string& reason, const Places& entries) const {
        Judgement judgement{.verdict = Verdict::violates, .reason = reason};
        for (const std::size_t place : places_around(history_, entries)) {
            if (!entries.empty() && place == entries.back())
                judgement.marked = judgement.shown.entries.size();
            judgement.shown.entries.push_back(history_.entries[place]);
        }
        judgement.timeline = "(of " + std::to_string(history_.entries.size()) +
                             " calls those that matter)\n" +
                             timeline(scenario_, judgement.shown, judgement.marked);
        return judgement;
    }

    const Scenario& scenario_;
    const History& history_;
    RunResult::Status status_;
    std::map<Id, Places> places_;           // of calls, by object
    std::map<Id, Places> places_of_locks_;  // with those on the conditions over it
};

}  // namespace

Judgement judge_rounds(const Scenario& scenario, const RunResult& result) {
    return RoundsJudge(scenario, result).judge();
}

}  // namespace conformance
