#pragma once
/// \file
/// What all tests of a process share: the session with the driver, made when the first test needs it,
/// and the record of the present test. Used by one thread.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/expectation.hpp"
#include "conformance/engine/histogram.hpp"
#include "conformance/engine/judge.hpp"
#include "conformance/engine/requirements.hpp"
#include "conformance/engine/session.hpp"
#include "conformance/engine/test_verdict.hpp"

namespace conformance {

struct ContextOptions {
    SessionOptions session{};
    std::uint64_t seed = 0;    ///< the root
    double effort = 1;         ///< how often repeated scenarios are run, as a multiple of the usual
    bool tells_counts = true;  ///< what stress tests have reached
    bool tells_outcomes = false;  ///< how often which, also of tests that pass
    Requirements requirements{};
    std::filesystem::path save_folder =
        "conformance-results";                          ///< for scenarios that do not conform
    std::string program = "freethreading-conformance";  ///< for the command that replays one
    std::string driver_command{};                       ///< as the user wrote it
    std::map<std::string, Expectation> expectations{};  ///< by test; success where there is none
};

class TestContext {
  public:
    explicit TestContext(ContextOptions options) : options_(std::move(options)) {}

    /// That of this process. Throws SuiteError if there is none.
    static TestContext& current();
    static void set_current(std::unique_ptr<TestContext> context);

    [[nodiscard]] const ContextOptions& options() const { return options_; }
    /// Starts the driver if it has not been. Throws UnusableDriver, every time once it did.
    /// One whose lanes have fewer slots is ended, and another started with so many.
    Session& session(int slots = 0);
    [[nodiscard]] bool has_session() const { return session_ != nullptr; }
    /// Ends the driver.
    void end_session() { session_.reset(); }

    /// The root of the seeds of what follows.
    void set_seed(std::uint64_t seed) { options_.seed = seed; }

    /// `test`: its suite and name, with a dot.
    void begin_test(const std::string& suite, const std::string& name);
    [[nodiscard]] const TestRecord& record() const { return record_; }
    /// That of the present test; null if there is none of its id.
    [[nodiscard]] const Requirement* requirement() const { return requirement_; }
    /// What is expected of the present test.
    [[nodiscard]] const Expectation& expectation() const { return expectation_; }
    /// A violation that the present test found is one of this requirement, whose level counts. It has
    /// to outlive the test.
    void attribute_to(const Requirement& broken) { broken_ = &broken; }
    /// Whether a violation makes the present test fail in the eyes of GoogleTest.
    [[nodiscard]] bool violations_fail() const;

    void count_run() { ++record_.runs; }
    /// What the runs of the present scenario came to.
    [[nodiscard]] OutcomeHistogram& outcomes() { return outcomes_; }
    /// Adds to the record what a scenario came to; nothing if that is empty.
    void note_outcomes(const std::string& text) { record_.outcomes += text; }
    /// Of several verdicts the worst counts, of equals the first.
    void note(TestVerdict verdict, const std::string& reason, const std::string& details = {},
              const std::string& scenario_file = {});
    /// The record of the present test. `failures`: the messages of assertions that failed.
    TestRecord end_test(const std::vector<std::string>& failures, double seconds);

  private:
    [[nodiscard]] std::optional<Level> level() const;
    void judge_expectation();

    ContextOptions options_;
    std::unique_ptr<Session> session_;
    std::string unusable_;  // what the first attempt said
    TestRecord record_;
    OutcomeHistogram outcomes_;
    const Requirement* requirement_ = nullptr;
    const Requirement* broken_ = nullptr;  // if it is another one
    Expectation expectation_;
};

}  // namespace conformance
