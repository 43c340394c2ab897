#pragma once
/// \file
/// Follows GoogleTest through the tests, and gives each its verdict.

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "conformance/engine/test_context.hpp"
#include "conformance/runner/report.hpp"

namespace conformance::runner {

class VerdictListener : public testing::EmptyTestEventListener {
  public:
    VerdictListener(TestContext& context, Report& report) : context_(context), report_(report) {}

    void OnTestIterationStart(const testing::UnitTest& all, int) override {
        report_.begin(all.test_to_run_count());
    }
    void OnTestStart(const testing::TestInfo& test) override;
    void OnTestEnd(const testing::TestInfo& test) override;

    [[nodiscard]] const std::vector<TestRecord>& records() const { return records_; }

  private:
    TestContext& context_;
    Report& report_;
    std::vector<TestRecord> records_;
    /// What fails in a test that may, or must, does not make it fail in the eyes of GoogleTest.
    std::unique_ptr<testing::TestPartResultArray> set_aside_;
    std::unique_ptr<testing::ScopedFakeTestPartResultReporter> interceptor_;
};

}  // namespace conformance::runner
