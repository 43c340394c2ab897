#include "conformance/engine/test_context.hpp"

#include <algorithm>
#include <utility>

namespace conformance {
namespace {

std::unique_ptr<TestContext>& current_context() {
    static std::unique_ptr<TestContext> context;
    return context;
}

/// GoogleTest reports an exception that leaves a test by such a message.
bool is_exception(const std::string& message) {
    return message.find("C++ exception") != std::string::npos;
}

}  // namespace

TestContext& TestContext::current() {
    if (current_context() == nullptr)
        throw SuiteError("a test runs outside of freethreading-conformance");
    return *current_context();
}

void TestContext::set_current(std::unique_ptr<TestContext> context) {
    current_context() = std::move(context);
}

Session& TestContext::session(int slots) {
    if (!unusable_.empty()) throw UnusableDriver(unusable_);
    if (slots > options_.session.slots) {
        options_.session.slots = slots;
        end_session();
    }
    if (session_ == nullptr) {
        try {
            session_ = std::make_unique<Session>(options_.session);
        } catch (const UnusableDriver& error) {
            unusable_ = error.what();
            throw;
        }
    }
    return *session_;
}

void TestContext::begin_test(const std::string& suite, const std::string& name) {
    record_ = {.test = suite + '.' + name, .requirement = requirement_of_test(name)};
    requirement_ = options_.requirements.find(record_.requirement);
    broken_ = nullptr;
    const auto expected = options_.expectations.find(record_.test);
    expectation_ = expected != options_.expectations.end() ? expected->second : Expectation();
    if (requirement_ == nullptr)
        note(TestVerdict::suite_error,
             record_.requirement.empty()
                 ? "the name of the test does not begin with the id of a requirement"
                 : "there is no requirement " + record_.requirement);
}

std::optional<Level> TestContext::level() const {
    const Requirement* const counts = broken_ != nullptr ? broken_ : requirement_;
    return counts == nullptr ? std::nullopt : std::optional(counts->level);
}

bool TestContext::violations_fail() const {
    return level() == Level::required && expectation_.outcome == Expected::success;
}

void TestContext::note(TestVerdict verdict, const std::string& reason, const std::string& details,
                       const std::string& scenario_file) {
    if (verdict <= record_.verdict) return;
    record_.verdict = verdict;
    record_.reason = reason;
    record_.details = details;
    record_.scenario_file = scenario_file;
}

void TestContext::judge_expectation() {
    if (record_.verdict == TestVerdict::fail) {
        if (expectation_.outcome != Expected::success) {
            record_.verdict = TestVerdict::expected_failure;
        } else if (level() == Level::recommended) {
            record_.verdict = TestVerdict::not_as_recommended;
        } else if (level() == Level::permitted) {
            record_.verdict = TestVerdict::other_than_permitted;
        }
    } else if (expectation_.outcome == Expected::either &&
               record_.verdict == TestVerdict::inconclusive) {
        record_.verdict = TestVerdict::expected_failure;
    } else if (expectation_.outcome == Expected::failure) {
        if (record_.verdict == TestVerdict::pass) {
            record_.verdict = TestVerdict::unexpected_pass;
            record_.reason = "it is on the list of expected failures";
        } else if (record_.verdict == TestVerdict::unsupported) {
            record_.verdict = TestVerdict::unexpected_pass;
            record_.reason =
                "it is on the list of expected failures, and is unsupported: " + record_.reason;
        }
    }
}

TestRecord TestContext::end_test(const std::vector<std::string>& failures, double seconds) {
    record_.seconds = seconds;
    if (const auto thrown = std::ranges::find_if(failures, is_exception); thrown != failures.end())
        note(TestVerdict::suite_error, "an exception left the test", *thrown);
    // What the test itself found, after the models had found nothing.
    if (!failures.empty())
        note(TestVerdict::fail, "an assertion of the test failed", failures.front());
    if (record_.verdict == TestVerdict::not_run)
        record_.reason = "the test ran no scenario and did not say why";
    judge_expectation();
    return record_;
}

}  // namespace conformance
