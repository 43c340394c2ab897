#include "conformance/engine/conform.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <stdexcept>

#include "conformance/engine/failure_text.hpp"
#include "conformance/engine/safe_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"

namespace conformance {
namespace {

/// As GTEST_SKIP does, from within a function that returns something.
void skip(const std::string& reason) {
    GTEST_MESSAGE_("", ::testing::TestPartResult::kSkip) << one_line(reason, 2000);
}

void fail(const std::string& text) {
    ADD_FAILURE() << text;
}

/// GoogleTest takes this exception for the end of a test that has said why.
[[noreturn]] void end_test(::testing::TestPartResult::Type type, const std::string& reason) {
    throw ::testing::AssertionException(
        ::testing::TestPartResult(type, nullptr, -1, reason.c_str()));
}

void tell_violation(TestContext& context, const Scenario& scenario, const RunResult& result,
                    const Judgement& judgement) {
    const auto file = save_scenario(context, scenario);
    save_page(context, scenario, result, judgement, file);
    std::string text = failure_text(context, scenario, result, judgement, file);
    if (const std::string outcomes = context.outcomes().text(scenario); !outcomes.empty())
        text += "\nOutcomes of all runs so far:\n" + outcomes;
    context.note(TestVerdict::fail, judgement.reason, text, file.string());
    if (context.violations_fail()) {
        fail(text);
    } else if (context.requirement() != nullptr &&
               context.requirement()->level == Level::recommended &&
               context.expectation().outcome == Expected::success) {
        std::cout << "Not as recommended: " << text << '\n';
    }
}

void tell(TestContext& context, const Scenario& scenario, const RunResult& result,
          const Judgement& judgement) {
    using Verdict = Judgement::Verdict;
    switch (judgement.verdict) {
        case Verdict::conforms:
            context.note(TestVerdict::pass, {});
            return;
        case Verdict::violates:
            tell_violation(context, scenario, result, judgement);
            return;
        case Verdict::unsupported:
            context.note(TestVerdict::unsupported, judgement.reason);
            skip("unsupported: " + judgement.reason);
            return;
        case Verdict::inconclusive:
            context.note(TestVerdict::inconclusive, judgement.reason);
            skip("inconclusive: " + judgement.reason);
            return;
        case Verdict::driver_error: {
            const auto file = save_scenario(context, scenario);
            save_page(context, scenario, result, judgement, file);
            const std::string text = failure_text(context, scenario, result, judgement, file);
            context.note(TestVerdict::driver_error, judgement.reason, text, file.string());
            fail("The driver is at fault: " + text);
            return;
        }
    }
}

/// One run. Nothing if it does not conform.
std::optional<Conformed> run_once(TestContext& context, const Scenario& scenario) {
    try {
        RunResult result = context.session(slots_of(scenario)).run(scenario);
        context.count_run();
        const Judgement judgement = judge_by_checks(scenario, result);
        context.outcomes().add(scenario, result.history,
                               judgement.verdict != Judgement::Verdict::violates);
        tell(context, scenario, result, judgement);
        if (judgement.verdict == Judgement::Verdict::conforms) return Conformed(std::move(result));
    } catch (const UnusableDriver& error) {
        context.note(TestVerdict::driver_error, error.what(), error.what());
        fail("The driver cannot be used: " + one_line(error.what(), 4000));
    }
    return std::nullopt;
}

/// Says why, if not.
bool can_run(TestContext& context) {
    if (context.record().verdict == TestVerdict::suite_error) {
        fail("The suite is at fault: " + context.record().reason);
        return false;
    }
    if (const Requirement* const requirement = context.requirement();
        requirement != nullptr && !requirement->applies_to(backend_under_test())) {
        const std::string reason = requirement->id + " does not apply to " + backend_under_test();
        context.note(TestVerdict::unsupported, reason);
        skip(reason);
        return false;
    }
    if (context.expectation().outcome == Expected::wedging) {
        const std::string reason = "it is not run: " + context.expectation().reason;
        context.note(TestVerdict::unsupported, reason);
        skip(reason);
        return false;
    }
    return true;
}

}  // namespace

bool can_run_test() {
    return can_run(TestContext::current());
}

const Entry& Conformed::entry(Id call) const {
    const auto found = std::ranges::find_if(
        history().entries, [=](const Entry& entry) { return entry.call.id == call; });
    if (found == history().entries.end()) {
        // A worker may be blocked for ever before it, as the models allow.
        const std::string reason = "call " + std::to_string(call) + " was never made";
        fail(reason);
        end_test(::testing::TestPartResult::kFatalFailure, reason);
    }
    return *found;
}

std::optional<Conformed> conform(const ScenarioBuilder& builder, Runs runs) {
    TestContext& context = TestContext::current();
    if (!can_run(context)) return std::nullopt;
    context.outcomes() = {};  // of this scenario
    std::optional<Conformed> last;
    const double times = std::ceil(runs.times * context.options().effort);
    for (int i = 0; i == 0 || i < times; ++i) {
        Scenario scenario = builder.scenario();
        // A scenario that brings a perturbation of its own keeps it, and varies the seed only.
        if (runs.perturbation > 0) scenario.perturbation = i % 2 == 1 ? runs.perturbation : 0;
        scenario.seed = child_seed(context.options().seed ^ scenario.seed, context.record().test,
                                   static_cast<std::uint64_t>(i));
        last = run_once(context, scenario);
        if (!last) break;
    }
    context.note_outcomes(context.outcomes().text(builder.scenario()));
    return last;
}

std::optional<Conformed> conform_as_it_is(const Scenario& scenario) {
    TestContext& context = TestContext::current();
    if (!can_run(context)) return std::nullopt;
    context.outcomes() = {};
    return run_once(context, scenario);
}

const std::string& backend_under_test() {
    return TestContext::current().options().session.backend;
}

void not_testable(const std::string& reason) {
    TestContext::current().note(TestVerdict::unsupported, reason);
    skip(reason);
    end_test(::testing::TestPartResult::kSkip, reason);
}

}  // namespace conformance
