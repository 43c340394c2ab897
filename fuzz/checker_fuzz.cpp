/// \file
/// The checker: each of its searches against brute force, against one another and against the checks for one kind
/// of object, on histories that the bytes choose.
/// Longer than other files: all ways to a history go into all ways to judge it.
///
/// The first byte chooses a model. The rest decides what a few workers of it did, in which order, how long it took,
/// who was killed, and what was changed afterwards, as conformance/checker/tests/random_history.hpp does with random
/// numbers; or, behind the last doors, gives calls as they stand, with any times. A verdict `linearizable` has to
/// come with a certificate that holds, `violation` with one that shows it, and a search keeps to its budget.
///
/// Longer than 400 lines: there is a door for each model and each special check, and they share their parts.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/checker/barrier_checker.hpp"
#include "conformance/checker/brute_force.hpp"
#include "conformance/checker/certificate.hpp"
#include "conformance/checker/check.hpp"
#include "conformance/checker/counter_checker.hpp"
#include "conformance/checker/depth_first.hpp"
#include "conformance/checker/event_checker.hpp"
#include "conformance/checker/explanation.hpp"
#include "conformance/checker/partition.hpp"
#include "conformance/checker/task_checker.hpp"
#include "conformance/checker/tests/random_history.hpp"
#include "conformance/checker/tests/special_calls.hpp"
#include "conformance/checker/tests/test_models.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace conformance;
using namespace conformance::checker;
using fuzz::ByteSource;
using fuzz::require;

/// The bytes as a generator of numbers.
class Choices {
  public:
    using result_type = std::uint64_t;
    explicit Choices(ByteSource& source) : source_(source) {}
    result_type operator()() { return source_.byte(); }

  private:
    ByteSource& source_;
};

/// Adds, writes and reads; `put` stands for adding, and answers the sum.
struct CounterModel : TestModel<int> {
    static State initial() { return 0; }
    static void steps(const State& sum, const Turn<Operation>& turn, Steps& out) {
        const int number = turn.operation.value;
        if (turn.operation.kind == Kind::put)
            out.push_back({sum + number, completed, sum + number});
        if (turn.operation.kind == Kind::write) out.push_back({number, completed, yes});
        if (turn.operation.kind == Kind::read) out.push_back({sum, completed, sum});
    }
    static std::size_t hash(const State& sum) { return static_cast<std::size_t>(sum); }
};

/// Tasks: `put` brings one, `release` finishes one, `wait` joins.
struct TaskModel : TestModel<int> {
    static State initial() { return 0; }
    static void steps(const State& unfinished, const Turn<Operation>& turn, Steps& out) {
        if (turn.operation.kind == Kind::put) out.push_back({unfinished + 1, completed, yes});
        if (turn.operation.kind == Kind::release)
            out.push_back({std::max(unfinished - 1, 0), completed, unfinished > 0 ? yes : error});
        if (turn.operation.kind == Kind::wait && unfinished == 0)
            out.push_back({0, completed, yes});
    }
    static std::size_t hash(const State& unfinished) {
        return static_cast<std::size_t>(unfinished);
    }
};

/// A barrier of two. Whoever arrives first waits for the other.
struct BarrierState {
    int waiting = LockModel::nobody;
    unsigned released = 0;
    friend bool operator==(const BarrierState&, const BarrierState&) = default;
};
struct BarrierModel : TestModel<BarrierState> {
    static State initial() { return {}; }
    static void steps(const State& state, const Turn<Operation>& turn, Steps& out) {
        const unsigned me = 1U << turn.worker;
        if (turn.stage == 1) {
            if ((state.released & me) != 0)
                out.push_back({{state.waiting, state.released & ~me}, completed, 0});
        } else if (state.waiting == LockModel::nobody) {
            out.push_back({{turn.worker, state.released}, 1});
        } else {
            out.push_back(
                {{LockModel::nobody, state.released | (1U << state.waiting)}, completed, 1});
        }
    }
    static std::size_t hash(const State& state) {
        return hash_of_both(static_cast<std::size_t>(state.waiting), state.released);
    }
};

template <Model M>
void explain(const M& model, const TestHistory& history, const Verdict<M>& verdict) {
    const Printing<M> printing{
        .operation = [](const TestOperation& it) { return std::to_string(it.value); },
        .outcome = [](int outcome) { return std::to_string(outcome); },
        .state = [](const auto&) { return std::string("state"); }};
    require(!explanation<M>(model, history, verdict, printing).empty(),
            "a verdict without an explanation");
}

/// What a verdict claims is shown by what comes with it.
template <Model M>
void require_shown(const M& model, const TestHistory& history, const Verdict<M>& verdict) {
    if (verdict.judgement == Judgement::linearizable) {
        const std::string fault = fault_of<M>(verdict.certificate, model, history);
        require(fault.empty(), "a certificate that does not hold: " + fault);
    }
    if (verdict.judgement == Judgement::violation) {
        require(verdict.violation.has_value(), "a violation of which nothing is told");
        const std::string fault = fault_of<M>(*verdict.violation, model, history);
        require(fault.empty(), "a violation that is none: " + fault);
    }
}

/// With less to spend a search says the same, or that it does not know.
template <Model M>
void keeps_to_its_budget(const M& model, const TestHistory& history, Judgement judgement,
                         std::size_t steps) {
    const Budget little{.configurations = 1 + steps % 16, .steps = steps};
    for (const Verdict<M>& verdict : {check(model, Calls<M>(history), little),
                                      check_depth_first(model, Calls<M>(history), little),
                                      check_optimistically(model, Calls<M>(history), little)}) {
        require(verdict.judgement == judgement || verdict.judgement == Judgement::unknown,
                "another verdict for less effort");
        require(verdict.steps <= steps + 1, "a search spends more than it has");
    }
}

/// All the ways to judge a history that is short enough for brute force.
template <Model M>
void compare(const M& model, const TestHistory& history, std::size_t steps) {
    const bool is_explained = brute_force_explains<M>(model, history);
    const auto expected = is_explained ? Judgement::linearizable : Judgement::violation;
    const Verdict<M> verdict = check(model, Calls<M>(history));
    const Verdict<M> other = check_depth_first(model, Calls<M>(history));
    const Verdict<M> hoped = check_optimistically(model, Calls<M>(history));
    require(verdict.judgement == expected, "the search and brute force disagree");
    require(other.judgement == expected, "the search depth first and brute force disagree");
    require(hoped.judgement == expected, "the optimistic search and brute force disagree");
    require_shown(model, history, verdict);
    if (is_explained) {
        require_shown(model, history, other);
        require_shown(model, history, hoped);
    } else {
        require(hoped.violation->call == verdict.violation->call,
                "two searches blame different calls");
        require(brute_force_explains<M>(model, history_until<M>(history, verdict.violation->event)),
                "a call is blamed after one that cannot be explained either");
    }
    explain(model, history, verdict);
    keeps_to_its_budget(model, history, expected, steps);
}

template <Model M, class MakeCall>
TestHistory chosen_history(const M& model, const MakeCall& make_call, RunShape run,
                           const Spoiling& spoiling, Choices& choices) {
    TestHistory history = Simulation(model, run, make_call, choices).history();
    for (int changes = below(choices, 4); changes > 0; --changes)
        spoil(history, spoiling, choices);
    return history;
}

std::optional<std::int64_t> chosen_limit(Choices& choices) {
    const int choice = below(choices, 5);
    if (choice < 2) return std::nullopt;
    return choice == 2 ? 0 : below(choices, 6);
}

/// A door: histories of a model, compared in all ways. `kinds`: what its calls may be.
template <Model M, Kind... kinds>
void short_histories(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t, const typename M::State&) -> MadeCall {
        static constexpr std::array all{kinds...};
        const Kind kind = all[some() % all.size()];
        return {{.kind = kind,
                 .value = 1 + below(some, 3),
                 .expected = below(some, 3),
                 .key = below(some, 2)},
                chosen_limit(some)};
    };
    const std::size_t steps = source.number<std::uint16_t>() % 512;
    const RunShape run{.workers = 2 + below(choices, 2), .calls = 2 + below(choices, 4)};
    const M model;
    compare(model,
            chosen_history(model, make_call, run, {{no, yes, error, timed_out, 2, 3}}, choices),
            steps);
}

/// Parts of a store, by key, against the whole.
void parts(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t, const StoreModel::State&) -> MadeCall {
        static constexpr std::array all{Kind::read, Kind::write, Kind::swap};
        return {{.kind = all[some() % 3],
                 .value = below(some, 3),
                 .expected = below(some, 3),
                 .key = below(some, 3)},
                std::nullopt};
    };
    const RunShape run{.workers = 3, .calls = 2 + below(choices, 10), .calls_touch = false};
    const TestHistory history = chosen_history(
        StoreModel(), make_call, run, {.outcomes = {0, 1, 2}, .calls_touch = false}, choices);
    const auto whole = check(StoreModel(), Calls<StoreModel>(history));
    const auto parts = check_parts(RegisterModel(), Calls<RegisterModel>(history),
                                   [](const auto& call) { return call.operation.key; });
    require(parts.judgement == whole.judgement, "the parts and the whole disagree");
    if (parts.violation)
        require(history[parts.violation->call].operation.key == *parts.part,
                "a call of another part is blamed");
    for (const auto& [key, certificate] : parts.certificates) {
        TestHistory part = history;
        for (auto& call : part) {
            if (call.operation.key == key) continue;
            call.killed = true;
            call.responded.reset();
        }
        require(fault_of<RegisterModel>(certificate, RegisterModel(), part).empty(),
                "the certificate of a part does not hold");
    }
}

/// For the checkers of one kind: what they can judge, without kills.
template <Model M, class MakeCall>
TestHistory special_history(const M& model, const MakeCall& make_call,
                            std::vector<TestOutcome> outcomes, Choices& choices) {
    const bool calls_touch = below(choices, 4) == 0;
    const RunShape run{.workers = 2 + below(choices, 3),
                       .calls = 2 + below(choices, 12),
                       .ends_early = false,
                       .kills = false,
                       .calls_touch = calls_touch};
    return chosen_history(
        model, make_call, run,
        {.outcomes = std::move(outcomes), .endings = false, .calls_touch = calls_touch}, choices);
}

/// A finding is a violation. Where they know it all they find every one, unless a worker's calls touch.
enum class Finds : std::uint8_t { some, all };
template <Model M>
void agree(const M& model, const TestHistory& history, const std::optional<Finding>& finding,
           Finds finds) {
    const bool is_violation = check(model, Calls<M>(history)).judgement == Judgement::violation;
    require(!finding || is_violation, "a checker of one kind finds what is no violation");
    if (finding) {
        for (const std::size_t call : finding->calls)
            require(call < history.size(), "a finding of a call that there is not");
    }
    const bool may_miss = finds == Finds::some || !is_sequential(history, false);
    require(finding || !is_violation || may_miss, "a checker of one kind misses a violation");
}

void queues(ByteSource& source) {
    Choices choices(source);
    int puts = 0;
    const auto make_call = [&](Choices& some, std::int32_t, const QueueModel::State&) -> MadeCall {
        if (below(some, 2) == 0) return {{Kind::put, ++puts}, std::nullopt};
        return {{Kind::get}, 0};
    };
    const QueueModel model(1000);
    TestHistory history = without_pending(
        special_history(model, make_call, {1, 2, 3, 4, 5, timed_out, timed_out}, choices));
    const std::vector<QueueCall> calls = queue_calls(history);
    agree(model, history, check_queue(calls), Finds::all);
}

void semaphores(ByteSource& source) {
    Choices choices(source);
    const SemaphoreModel model(below(choices, 3));
    const auto make_call = [](Choices& some, std::int32_t, const int&) -> MadeCall {
        return {{below(some, 2) == 0 ? Kind::acquire : Kind::release}, std::nullopt};
    };
    TestHistory history = without_pending(special_history(model, make_call, {yes}, choices));
    if (!history.empty() && below(choices, 2) == 0)
        history[choices() % history.size()].operation.kind = Kind::acquire;
    const std::vector<SemaphoreCall> calls = semaphore_calls(history);
    agree(model, history, check_semaphore(calls, model.initial()), Finds::all);
}

void locks(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t worker, const int& owner) -> MadeCall {
        if (owner == worker) return {{Kind::release}, std::nullopt};
        if (below(some, 2) == 0) return {{Kind::acquire}, std::nullopt};
        return {{Kind::acquire}, below(some, 3)};
    };
    TestHistory history =
        without_pending(special_history(LockModel(), make_call, {no, yes, yes}, choices));
    const std::vector<LockCall> calls = lock_calls(history);
    agree(LockModel(), history, check_lock(calls), Finds::all);
}

void events(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t, const EventState&) -> MadeCall {
        static constexpr std::array all{Kind::set, Kind::clear, Kind::read, Kind::wait};
        return {{all[some() % 4]}, chosen_limit(some)};
    };
    TestHistory history = special_history(EventModel(), make_call, {no, yes}, choices);
    std::vector<EventCall> calls;
    for (const auto& call : history) {
        const Kind kind = call.operation.kind;
        if (!call.responded && kind != Kind::set && kind != Kind::clear) continue;
        const auto seen =
            call.outcome == yes ? EventCall::Kind::seen_set : EventCall::Kind::seen_clear;
        calls.push_back({kind == Kind::set     ? EventCall::Kind::set
                         : kind == Kind::clear ? EventCall::Kind::clear
                                               : seen,
                         call.invoked, call.responded});
    }
    agree(EventModel(), history, check_event(calls), Finds::some);
}

void counters(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t, const int&) -> MadeCall {
        static constexpr std::array all{Kind::put, Kind::put, Kind::read, Kind::write};
        return {{all[some() % 4], 1 + below(some, 3)}, std::nullopt};
    };
    const TestHistory history = special_history(CounterModel(), make_call, {0, 1, 2, 3}, choices);
    std::vector<CounterCall> calls;
    for (const auto& call : history) {
        const Kind kind = call.operation.kind;
        calls.push_back({kind == Kind::put     ? CounterCall::Kind::add
                         : kind == Kind::write ? CounterCall::Kind::write
                                               : CounterCall::Kind::read,
                         call.operation.value, call.outcome, call.invoked, call.responded});
    }
    agree(CounterModel(), history, check_counter(calls, 0), Finds::some);
}

void tasks(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices& some, std::int32_t, const int& unfinished) -> MadeCall {
        if (below(some, 3) == 0) return {{Kind::wait}, std::nullopt};
        return {{unfinished > 0 && below(some, 2) == 0 ? Kind::release : Kind::put}, std::nullopt};
    };
    const TestHistory history = special_history(TaskModel(), make_call, {yes}, choices);
    std::vector<TaskCall> calls;
    for (const auto& call : history) {
        const Kind kind = call.operation.kind;
        calls.push_back({kind == Kind::put       ? TaskCall::Kind::put
                         : kind == Kind::release ? TaskCall::Kind::done
                                                 : TaskCall::Kind::join,
                         call.invoked, call.responded});
    }
    agree(TaskModel(), history, check_tasks(calls), Finds::some);
}

void barriers(ByteSource& source) {
    Choices choices(source);
    const auto make_call = [](Choices&, std::int32_t, const BarrierState&) -> MadeCall {
        return {{Kind::wait}, std::nullopt};
    };
    const TestHistory history = special_history(BarrierModel(), make_call, {0, 1, 2}, choices);
    std::vector<BarrierCall> calls;
    for (const auto& call : history)
        calls.push_back({call.worker, call.outcome, call.invoked, call.responded});
    agree(BarrierModel(), history, check_barrier(calls, 2), Finds::some);
}

/// Times that no clock would show, from the driver's side: also the ends of what a number can be.
std::int64_t any_time(ByteSource& source) {
    switch (source.below(4)) {
        case 0:
            return source.number<std::int64_t>();
        case 1:
            return std::numeric_limits<std::int64_t>::max() - source.below(3);
        default:
            return source.below(24);
    }
}

/// Calls as they stand, which no worker need have made: refused, or judged.
template <Model M>
void any_history(ByteSource& source) {
    TestHistory history(static_cast<std::size_t>(source.below(6)));
    for (auto& call : history) {
        call.worker = source.below(4);
        call.operation = {.kind = static_cast<Kind>(source.below(11)), .value = source.below(4)};
        call.invoked = any_time(source);
        if (source.flag()) call.responded = any_time(source);
        if (source.flag()) call.deadline = any_time(source);
        call.outcome = source.below(5) - 2;
        call.killed = source.below(4) == 0;
    }
    try {
        const Verdict<M> verdict =
            check(M(), Calls<M>(history), Budget{.configurations = 1000, .steps = 10'000});
        require_shown(M(), history, verdict);
        explain(M(), history, verdict);
    } catch (const std::invalid_argument&) {
    }
    for (const auto& judge :
         {+[](TestHistory& it) { return check_queue(queue_calls(it)); },
          +[](TestHistory& it) { return check_lock(lock_calls(it)); },
          +[](TestHistory& it) { return check_semaphore(semaphore_calls(it), 1); }}) {
        try {
            if (const auto finding = judge(history)) {
                for (const std::size_t call : finding->calls)
                    require(call < history.size(), "a finding of a call that there is not");
            }
        } catch (const std::invalid_argument&) {
        }
    }
}

using Door = void (*)(ByteSource&);
constexpr Door doors[] = {
    short_histories<LockModel, Kind::acquire, Kind::release>,
    short_histories<SemaphoreModel, Kind::acquire, Kind::release>,
    short_histories<QueueModel, Kind::put, Kind::get>,
    short_histories<EventModel, Kind::set, Kind::clear, Kind::read, Kind::wait>,
    short_histories<ConditionModel, Kind::acquire, Kind::acquire, Kind::release, Kind::wait,
                    Kind::notify>,
    short_histories<TwoLocksModel, Kind::acquire, Kind::release>,
    short_histories<RegisterModel, Kind::read, Kind::write, Kind::swap>,
    short_histories<BarrierModel, Kind::wait>,
    parts,
    queues,
    semaphores,
    locks,
    events,
    counters,
    tasks,
    barriers,
    any_history<LockModel>,
    any_history<QueueModel>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteSource source(data, size);
    doors[source.below(static_cast<int>(std::size(doors)))](source);
    return 0;
}
