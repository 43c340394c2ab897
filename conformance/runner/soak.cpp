#include "conformance/runner/soak.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <memory>
#include <set>
#include <string_view>

#include "conformance/engine/safe_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/runner/command_words.hpp"
#include "conformance/runner/verdict_listener.hpp"

namespace conformance::runner {
namespace {

using Clock = std::chrono::steady_clock;

/// GoogleTest's listeners while it lives: its own printer is put aside.
class QuietListeners {
  public:
    explicit QuietListeners(testing::TestEventListener& ours)
        : all_(testing::UnitTest::GetInstance()->listeners()),
          ours_(ours),
          printer_(all_.Release(all_.default_result_printer())) {
        all_.Append(&ours_);
    }
    QuietListeners(const QuietListeners&) = delete;
    QuietListeners& operator=(const QuietListeners&) = delete;
    ~QuietListeners() {
        all_.Release(&ours_);
        if (printer_ != nullptr) all_.Append(printer_);
    }

  private:
    testing::TestEventListeners& all_;
    testing::TestEventListener& ours_;
    testing::TestEventListener* printer_;
};

class Soak {
  public:
    Soak(TestContext& context, const SoakOptions& options, std::ostream& out)
        : context_(context),
          options_(options),
          out_(out),
          report_({}, {}),
          listener_(std::make_unique<VerdictListener>(context, report_)) {}

    ExitCode run(const std::vector<std::string>& tests) {
        const QuietListeners quiet(*listener_);
        const std::string filter = GTEST_FLAG_GET(filter);
        for (std::uint64_t round = 0; !is_over(); ++round) {
            for (std::size_t i = 0; i < tests.size() && !is_over(); ++i) {
                const std::uint64_t seed = child_seed(options_.seed, tests[i], round);
                context_.set_seed(seed);
                GTEST_FLAG_SET(filter, tests[i]);
                [[maybe_unused]] const int ignored = RUN_ALL_TESTS();  // the listener knows more
                look_at(listener_->records().back(), seed);
            }
        }
        GTEST_FLAG_SET(filter, filter);
        tell_progress();
        return code_;
    }

  private:
    [[nodiscard]] double elapsed() const {
        return std::chrono::duration<double>(Clock::now() - begin_).count();
    }
    [[nodiscard]] bool is_over() const { return elapsed() >= options_.seconds; }

    void look_at(const TestRecord& record, std::uint64_t seed) {
        runs_ += record.runs;
        code_ = graver(code_, exit_code_of(record.verdict));
        if (record.verdict == TestVerdict::unsupported) unsupported_.insert(record.test);
        if (exit_code_of(record.verdict) != ExitCode::conforms) {
            ++found_;
            out_ << "Found after " << std::llround(elapsed()) << " s: " << record.test << ", seed "
                 << seed << ": " << to_string(record.verdict) << ": "
                 << one_line(record.reason, 2000) << '\n'
                 << record.details << std::endl;
        }
        if (elapsed() - told_ >= options_.seconds_between_lines) tell_progress();
    }
    void tell_progress() {
        told_ = elapsed();
        const double remaining = std::max(options_.seconds - told_, 0.0);
        out_ << std::llround(told_) << " s: " << runs_ << " runs, " << std::fixed
             << std::setprecision(1) << static_cast<double>(runs_) / std::max(told_, 1e-9)
             << " a second, " << found_ << " found, " << std::llround(remaining) << " s remain";
        if (!unsupported_.empty()) out_ << ", " << unsupported_.size() << " tests unsupported";
        out_ << std::endl;
    }

    TestContext& context_;
    SoakOptions options_;
    std::ostream& out_;
    Report report_;
    std::unique_ptr<VerdictListener> listener_;  // GoogleTest may delete it, if it ends the program
    Clock::time_point begin_ = Clock::now();
    double told_ = 0;
    std::int64_t runs_ = 0;
    int found_ = 0;
    std::set<std::string> unsupported_;
    ExitCode code_ = ExitCode::conforms;
};

/// As GoogleTest matches names: `?` is one character, `*` any number.
bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern.front() == '*')
        return matches(pattern.substr(1), name) ||
               (!name.empty() && matches(pattern, name.substr(1)));
    return !name.empty() && (pattern.front() == '?' || pattern.front() == name.front()) &&
           matches(pattern.substr(1), name.substr(1));
}
bool matches_one(std::string_view patterns, std::string_view name) {
    while (true) {
        const std::size_t colon = patterns.find(':');
        if (matches(patterns.substr(0, colon), name)) return true;
        if (colon == std::string_view::npos) return false;
        patterns.remove_prefix(colon + 1);
    }
}

}  // namespace

std::vector<std::string> tests_to_soak(const TestIndex& index) {
    const std::string given = GTEST_FLAG_GET(filter);
    const std::string filter = given == "*" ? "Stress.*:*Propert*.*" : given;
    const std::size_t dash = filter.find('-');
    const std::string wanted = dash == 0 ? "*" : filter.substr(0, dash);
    std::vector<std::string> tests;
    for (const std::string& test : index.tests) {
        const bool is_excluded = dash != std::string::npos &&
                                 matches_one(std::string_view(filter).substr(dash + 1), test);
        if (matches_one(wanted, test) && !is_excluded) tests.push_back(test);
    }
    return tests;
}

ExitCode soak(TestContext& context, const std::vector<std::string>& tests,
              const SoakOptions& options, std::ostream& out) {
    if (tests.empty())
        throw UsageError("no test that could be run again and again has such a name");
    return Soak(context, options, out).run(tests);
}

}  // namespace conformance::runner
