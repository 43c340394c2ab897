#include "conformance/properties/simplify.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "conformance/engine/unroll.hpp"
#include "spec/model/components.hpp"

namespace conformance::properties {
namespace {

bool is_start_or_join(const Scenario& scenario, const Call& call) {
    return scenario.find_worker(call.object) != nullptr &&
           (call.operation == Operation::start || call.operation == Operation::join);
}

Scenario tidy(Scenario scenario) {
    while (true) {
        std::set<Id> alive{no_object};
        std::set<Id> used;
        std::set<Id> made;
        model::for_each_call(scenario, [&](const Call& call) {
            used.insert(call.object);
            made.insert(call.into);
            if (call.operation == Operation::wait_for)
                used.insert(static_cast<Id>(model::number(call.arguments, 0, no_object)));
            if (call.operation == Operation::add_done_callback)
                used.insert(
                    static_cast<Id>(model::number(model::list(call.arguments, 0), 1, no_object)));
        });
        for (const WorkerPlan& worker : scenario.workers)
            alive.insert(worker.id);
        bool adds = false;
        for (const Object& object : scenario.objects) {
            if (object.type == Type::Condition) used.insert(model::lock_of(object));
            adds |= object.type == Type::Barrier && model::text(object.arguments, 1) == "add";
        }
        if (adds) used.insert(model::cell_of_actions(scenario));
        const Scenario before = scenario;
        std::erase_if(scenario.objects, [&](const Object& object) {
            return is_result(object.type) ? !made.contains(object.id) : !used.contains(object.id);
        });
        for (const Object& object : scenario.objects)
            alive.insert(object.id);
        for (WorkerPlan& worker : scenario.workers) {
            std::erase_if(worker.calls, [&](const Call& call) {
                return !alive.contains(call.object) || !alive.contains(call.into) ||
                       (call.operation == Operation::wait_for &&
                        !alive.contains(
                            static_cast<Id>(model::number(call.arguments, 0, no_object))));
            });
        }
        if (scenario == before) return scenario;
    }
}

Scenario without_worker(const Scenario& scenario, Id worker) {
    Scenario next = scenario;
    std::erase_if(next.workers, [=](const WorkerPlan& plan) {
        return plan.id == worker || plan.parent == worker;
    });
    return tidy(std::move(next));
}

Scenario without_object(const Scenario& scenario, Id id) {
    Scenario next = scenario;
    std::erase_if(next.objects, [=](const Object& object) {
        return object.id == id || (object.type == Type::Condition && model::lock_of(object) == id);
    });
    return tidy(std::move(next));
}

template <class Edit>
Scenario with_calls(const Scenario& scenario, std::size_t worker, const Edit& edit) {
    Scenario next = scenario;
    edit(next.workers[worker].calls);
    return tidy(std::move(next));
}

/// Runs of calls, the longest first: half of them, a quarter, ... one.
void remove_runs_of_calls(const Scenario& scenario, std::vector<Scenario>& out) {
    std::size_t longest = 0;
    for (const WorkerPlan& worker : scenario.workers)
        longest = std::max(longest, worker.calls.size());
    for (std::size_t length = std::max<std::size_t>(longest / 2, 1); length > 0; length /= 2) {
        for (std::size_t w = 0; w < scenario.workers.size(); ++w) {
            const std::size_t count = scenario.workers[w].calls.size();
            for (std::size_t first = 0; first < count; first += length) {
                out.push_back(with_calls(scenario, w, [&](std::vector<Call>& calls) {
                    const auto begin = calls.begin() + static_cast<std::ptrdiff_t>(first);
                    calls.erase(begin, calls.begin() + static_cast<std::ptrdiff_t>(
                                                           std::min(first + length, count)));
                }));
            }
        }
    }
}

/// Two calls of one worker on one object: acquire and release, put and get.
void remove_pairs_of_calls(const Scenario& scenario, std::vector<Scenario>& out) {
    for (std::size_t w = 0; w < scenario.workers.size(); ++w) {
        const std::vector<Call>& calls = scenario.workers[w].calls;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            const auto partner =
                std::find_if(calls.begin() + static_cast<std::ptrdiff_t>(i) + 1, calls.end(),
                             [&](const Call& call) { return call.object == calls[i].object; });
            if (partner == calls.end()) continue;
            const auto j = partner - calls.begin();
            out.push_back(with_calls(scenario, w, [&](std::vector<Call>& edited) {
                edited.erase(edited.begin() + j);
                edited.erase(edited.begin() + static_cast<std::ptrdiff_t>(i));
            }));
        }
    }
}

/// A call of each of two workers on one object, since a call may wait for its counterpart: put and get.
void remove_counterparts(const Scenario& scenario, std::vector<Scenario>& out) {
    for (std::size_t w = 0; w < scenario.workers.size(); ++w) {
        for (std::size_t other = w + 1; other < scenario.workers.size(); ++other) {
            for (const Call& call : scenario.workers[w].calls) {
                for (const Call& counterpart : scenario.workers[other].calls) {
                    if (call.object != counterpart.object || call.object == no_object) continue;
                    Scenario next = scenario;
                    std::erase(next.workers[w].calls, call);
                    std::erase(next.workers[other].calls, counterpart);
                    out.push_back(tidy(std::move(next)));
                }
            }
        }
    }
}

/// A signal that is given and waited for less often: without one addition to a Cell, and as much less expected of it by
/// everybody. Without the addition alone they would wait for ever.
void lower_expectations(const Scenario& scenario, std::vector<Scenario>& out) {
    model::for_each_call(scenario, [&](const Call& addition) {
        if (addition.operation != Operation::add) return;
        Scenario next = scenario;
        bool is_expected = false;
        for (WorkerPlan& worker : next.workers) {
            for (Call& call : worker.calls) {
                if (call.operation != Operation::wait_for || call.arguments.size() < 2 ||
                    model::number(call.arguments, 0, no_object) != addition.object)
                    continue;
                const std::int64_t less =
                    model::number(call.arguments, 1, 0) - model::number(addition.arguments, 0, 0);
                if (less < 1) continue;
                call.arguments[1] = less;
                is_expected = true;
            }
            std::erase(worker.calls, addition);
        }
        if (is_expected) out.push_back(tidy(std::move(next)));
    });
}

/// None, or a quarter of them.
void reduce_rounds(const Scenario& scenario, std::vector<Scenario>& out) {
    const std::int64_t rounds = number_of_rounds(scenario);
    if (rounds == 1) return;
    out.push_back(unrolled(scenario, 1));
    if (rounds < 8) return;
    out.push_back(scenario);
    set_rounds(out.back(), rounds / 4);
}

/// Simpler arguments, each with a measure that gets smaller.
void simplify_arguments(const Scenario& scenario, std::vector<Scenario>& out) {
    for (std::size_t w = 0; w < scenario.workers.size(); ++w) {
        for (std::size_t i = 0; i < scenario.workers[w].calls.size(); ++i) {
            const Call& call = scenario.workers[w].calls[i];
            if (!call.time_limit.is_none())
                out.push_back(with_calls(
                    scenario, w, [&](std::vector<Call>& calls) { calls[i].time_limit = {}; }));
            if (call.operation == Operation::acquire && call.time_limit.is_none() &&
                !call.arguments.empty() && model::flag(call.arguments, 0, true))
                out.push_back(with_calls(
                    scenario, w, [&](std::vector<Call>& calls) { calls[i].arguments.clear(); }));
        }
    }
    for (std::size_t o = 0; o < scenario.objects.size(); ++o) {
        const Object& object = scenario.objects[o];
        const std::int64_t first = model::number(object.arguments, 0, 0);
        if (object.type != Type::Condition && first > 0) {
            Scenario next = scenario;
            next.objects[o].arguments[0] = first - 1;
            out.push_back(std::move(next));
        }
        if (object.type == Type::Condition && first != 0) {
            Scenario next = scenario;
            next.objects[o].arguments.clear();
            out.push_back(tidy(std::move(next)));
        }
        if (object.arguments.size() > 1) {
            Scenario next = scenario;
            next.objects[o].arguments.resize(1);
            out.push_back(tidy(std::move(next)));
        }
    }
}

}  // namespace

Scenario tidied(Scenario scenario) {
    return tidy(std::move(scenario));
}

std::size_t number_of_calls(const Scenario& scenario) {
    std::size_t count = 0;
    model::for_each_call(scenario, [&](const Call& call) {
        if (!is_start_or_join(scenario, call)) ++count;
    });
    return count;
}

std::size_t number_of_workers(const Scenario& scenario) {
    return static_cast<std::size_t>(
        std::ranges::count_if(scenario.workers, [&](const WorkerPlan& worker) {
            return std::ranges::any_of(
                worker.calls, [&](const Call& call) { return !is_start_or_join(scenario, call); });
        }));
}

std::vector<Scenario> simplifications(const Scenario& scenario) {
    std::vector<Scenario> out;
    for (const WorkerPlan& worker : scenario.workers) {
        if (worker.id == 0) continue;
        Scenario next = without_worker(scenario, worker.id);
        // As many as come to a barrier, one less.
        Scenario with_fewer_parties = next;
        for (Object& object : with_fewer_parties.objects) {
            if (object.type == Type::Barrier && model::number(object.arguments, 0, 1) > 1)
                object.arguments[0] = model::number(object.arguments, 0, 1) - 1;
        }
        if (with_fewer_parties != next) out.push_back(std::move(with_fewer_parties));
        out.push_back(std::move(next));
    }
    for (const Object& object : scenario.objects)
        out.push_back(without_object(scenario, object.id));
    remove_runs_of_calls(scenario, out);
    remove_pairs_of_calls(scenario, out);
    remove_counterparts(scenario, out);
    lower_expectations(scenario, out);
    reduce_rounds(scenario, out);
    if (scenario.perturbation > 0) {
        out.push_back(scenario);
        out.back().perturbation = 0;
    }
    simplify_arguments(scenario, out);
    std::erase(out, scenario);
    return out;
}

}  // namespace conformance::properties
