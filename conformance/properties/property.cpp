#include "conformance/properties/property.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

#include "conformance/engine/call_text.hpp"
#include "conformance/engine/conform.hpp"
#include "conformance/engine/failure_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"
#include "conformance/properties/explore.hpp"
#include "conformance/properties/generate.hpp"
#include "conformance/properties/recommendation.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance::properties {
namespace {

constexpr int scenarios_of_family = 40;
constexpr int scenarios_on_both = 30;
constexpr int least_runs_per_unjudged = 20;

int times(double usual) {
    return std::max(1,
                    static_cast<int>(std::ceil(usual * TestContext::current().options().effort)));
}

std::string size_of(const Scenario& scenario) {
    return std::to_string(number_of_workers(scenario)) + " workers and " +
           std::to_string(number_of_calls(scenario)) + " calls";
}

std::string in_seconds(double seconds) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << seconds << " s";
    return text.str();
}

/// How it was found, for the first line of the failure.
std::string story(const TestContext& context, const Exploration& found) {
    const Failure& failure = *found.failure;
    const Shrunk& shrunk = failure.shrunk;
    std::string text = "Generated from the seed " + std::to_string(context.options().seed) +
                       " (--seed): " + size_of(failure.original.scenario) + " failed after " +
                       in_seconds(failure.seconds_to_find) + ", in run " +
                       std::to_string(found.runs) + ".\n";
    const std::string effort =
        std::to_string(shrunk.runs) + " runs, " + in_seconds(failure.seconds_to_shrink);
    if (!shrunk.is_confirmed)
        return text + "It did not fail again (" + effort + "), so that nothing smaller is known.\n";
    return text + "Shrunk to " + size_of(failure.smallest.scenario) + " (" + effort +
           "), and it failed again.\n";
}

void tell(TestContext& context, const Exploration& found) {
    const JudgedRun& run = found.failure->smallest;
    const Requirement* const broken = only_recommended(context.options().requirements, run);
    if (found.was_set_aside && broken != nullptr) context.attribute_to(*broken);
    const auto file = save_scenario(context, run.scenario);
    save_page(context, run.scenario, run.result, run.judgement, file);
    std::string text = story(context, found);
    std::string reason = run.judgement.reason;
    if (broken != nullptr) {
        text += "It breaks " + broken->id + ", which is recommended: " + broken->text + '\n';
        reason = broken->id + ": " + reason;
    }
    text += failure_text(context, run.scenario, run.result, run.judgement, file);
    const bool blames_driver = run.judgement.verdict == Judgement::Verdict::driver_error;
    context.note(blames_driver ? TestVerdict::driver_error : TestVerdict::fail, reason, text,
                 file.string());
    if (blames_driver || context.violations_fail()) {
        ADD_FAILURE() << text;
    } else if (context.expectation().outcome == Expected::success) {
        std::cout << "Not as recommended: " << text << '\n';
    }
}

void skip(TestContext& context, TestVerdict verdict, const std::string& reason) {
    context.note(verdict, reason);
    GTEST_MESSAGE_("", ::testing::TestPartResult::kSkip) << reason;
}

void fail_for(TestContext& context, const UnusableDriver& error) {
    context.note(TestVerdict::driver_error, error.what(), error.what());
    ADD_FAILURE() << "The driver cannot be used: " << error.what();
}

/// The outcome of every call, by the call's id.
std::vector<std::pair<Id, std::string>> outcomes(const History& history) {
    std::vector<std::pair<Id, std::string>> all;
    for (const Entry& entry : history.entries) {
        if (entry.call.operation != Operation::run)
            all.emplace_back(entry.call.id,
                             entry.responded ? to_string(entry.outcome) : "nothing yet");
    }
    std::ranges::sort(all);
    return all;
}

/// A sentence about the first call that came to something else; nothing if there is none.
std::string difference(const Scenario& scenario, const History& one, const History& other,
                       const std::string& backend, const std::string& other_backend) {
    const auto here = outcomes(one);
    const auto there = outcomes(other);
    const auto [a, b] = std::ranges::mismatch(here, there);
    if (a == here.end() && b == there.end()) return {};
    if (a == here.end() || b == there.end() || a->first != b->first)
        return "the backends did not make the same calls";
    std::string call;
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& made : worker.calls) {
            if (made.id == a->first)
                call = "worker " + std::to_string(worker.id) + ": " + to_text(scenario, made);
        }
    }
    return call + " came to " + a->second + " on " + backend + " and to " + b->second + " on " +
           other_backend;
}

}  // namespace

void hold_for_all(Family family) {
    if (!can_run_test()) return;
    TestContext& context = TestContext::current();
    try {
        const ExploreOptions options{.family = family,
                                     .seed = context.options().seed,
                                     .scenarios = times(scenarios_of_family),
                                     .most_stuck = std::min(times(0.5), 3),
                                     .sets_aside = [&](const JudgedRun& run) {
                                         return only_recommended(context.options().requirements,
                                                                 run) != nullptr;
                                     }};
        const Exploration found = explore(context.session(slots_with_rounds), options);
        for (int i = 0; i < found.runs; ++i)
            context.count_run();
        if (found.failure) return tell(context, found);
        std::cout << found.conforming << " runs of generated scenarios conform, " << found.stuck
                  << " of them with a call that blocks for ever, as it should\n";
        const std::string unjudged = "the checker's budget ran out in " +
                                     std::to_string(found.inconclusive) + " of " +
                                     std::to_string(found.runs) + " runs";
        if (found.inconclusive > 0) std::cout << unjudged << '\n';
        // Few of them are as if they had not been run.
        if (found.inconclusive > found.runs / least_runs_per_unjudged)
            return skip(context, TestVerdict::inconclusive, unjudged);
        if (found.conforming == 0)
            return skip(context, TestVerdict::unsupported,
                        "the driver lacks something in each of the generated scenarios");
        context.note(TestVerdict::pass, {});
    } catch (const UnusableDriver& error) {
        fail_for(context, error);
    }
}

void hold_on_both_backends() {
    if (!can_run_test()) return;
    TestContext& context = TestContext::current();
    SessionOptions other_options = context.options().session;
    const std::string backend = other_options.backend;
    other_options.backend = backend == "threading" ? "multiprocessing" : "threading";
    std::optional<Session> other;
    try {
        const auto& backends = context.session().greeting().backends;
        if (std::ranges::find(backends, other_options.backend) == backends.end())
            return skip(context, TestVerdict::unsupported,
                        "the driver has no backend " + other_options.backend);
        other.emplace(other_options);
        int compared = 0;
        // However little effort is wanted: what does not conform is not compared, and of few it may be all.
        for (int i = 0; i < times(scenarios_on_both) || (compared == 0 && i < scenarios_on_both);
             ++i) {
            const Scenario scenario = generate(
                Family::sequential,
                child_seed(context.options().seed, "both", static_cast<std::uint64_t>(i)), 100);
            const RunResult here = context.session().run(scenario);
            const RunResult there = other->run(scenario);
            context.count_run();
            // A run that does not conform fails the property of its family, on its backend.
            const auto judged = judge(scenario, here);
            if (judged.verdict != Judgement::Verdict::conforms ||
                judge(scenario, there).verdict != Judgement::Verdict::conforms)
                continue;
            ++compared;
            const std::string text =
                difference(scenario, here.history, there.history, backend, other_options.backend);
            if (text.empty()) continue;
            const auto file = save_scenario(context, scenario);
            const Judgement judgement{.verdict = Judgement::Verdict::violates, .reason = text};
            save_page(context, scenario, here, judgement, file);
            const std::string whole = failure_text(context, scenario, here, judgement, file);
            context.note(TestVerdict::fail, text, whole, file.string());
            if (context.violations_fail()) ADD_FAILURE() << whole;
            return;
        }
        if (compared == 0)
            return skip(context, TestVerdict::unsupported, "no scenario ran on both backends");
        context.note(TestVerdict::pass, {});
    } catch (const UnusableDriver& error) {
        fail_for(context, error);
    }
}

}  // namespace conformance::properties
