#include "conformance/runner/verdict_listener.hpp"

#include <iostream>
#include <string>

#include "conformance/engine/safe_text.hpp"

namespace conformance::runner {
namespace {

void add_failures(const testing::TestPartResult& part, std::vector<std::string>& failures) {
    if (!part.failed()) return;
    const std::string place =
        part.file_name() != nullptr
            ? std::string(part.file_name()) + ':' + std::to_string(part.line_number()) + ": "
            : std::string();
    failures.push_back(place + part.message());
}

}  // namespace

void VerdictListener::OnTestStart(const testing::TestInfo& test) {
    context_.begin_test(test.test_suite_name(), test.name());
    if (context_.requirement() == nullptr || context_.violations_fail()) return;
    using Reporter = testing::ScopedFakeTestPartResultReporter;
    set_aside_ = std::make_unique<testing::TestPartResultArray>();
    interceptor_ = std::make_unique<Reporter>(Reporter::INTERCEPT_ALL_THREADS, set_aside_.get());
}

void VerdictListener::OnTestEnd(const testing::TestInfo& test) {
    interceptor_.reset();
    std::vector<std::string> failures;
    for (int i = 0; i < test.result()->total_part_count(); ++i)
        add_failures(test.result()->GetTestPartResult(i), failures);
    const auto set_aside = std::move(set_aside_);
    for (int i = 0; set_aside != nullptr && i < set_aside->size(); ++i)
        add_failures(set_aside->GetTestPartResult(i), failures);

    records_.push_back(
        context_.end_test(failures, static_cast<double>(test.result()->elapsed_time()) / 1000));
    const TestRecord& record = records_.back();
    report_.add(record);
    if (context_.options().tells_outcomes && record.verdict == TestVerdict::pass)
        std::cout << record.outcomes << std::flush;

    // GoogleTest prints what it thinks of the test after this: let it think the same.
    switch (record.verdict) {
        case TestVerdict::driver_error:
        case TestVerdict::suite_error:
        case TestVerdict::unexpected_pass:
            if (!test.result()->Failed())
                ADD_FAILURE() << to_string(record.verdict) << ": " << one_line(record.reason, 2000)
                              << '\n'
                              << record.details;
            break;
        case TestVerdict::unsupported:
        case TestVerdict::inconclusive:
        case TestVerdict::not_run:
            if (!test.result()->Skipped())
                GTEST_MESSAGE_("", testing::TestPartResult::kSkip)
                    << to_string(record.verdict) << ": " << one_line(record.reason, 2000);
            break;
        default:
            break;
    }
}

}  // namespace conformance::runner
