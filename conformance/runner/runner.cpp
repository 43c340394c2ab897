#include "conformance/runner/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>

#include "conformance/engine/safe_text.hpp"
#include "conformance/engine/test_context.hpp"
#include "conformance/runner/compare.hpp"
#include "conformance/runner/expectation_update.hpp"
#include "conformance/runner/expectations.hpp"
#include "conformance/runner/googletest_setting.hpp"
#include "conformance/runner/init.hpp"
#include "conformance/runner/options.hpp"
#include "conformance/runner/replay.hpp"
#include "conformance/runner/report_command.hpp"
#include "conformance/runner/report_reading.hpp"
#include "conformance/runner/smoke.hpp"
#include "conformance/runner/soak.hpp"
#include "conformance/runner/summary.hpp"
#include "conformance/runner/test_index.hpp"
#include "conformance/runner/verdict_listener.hpp"

namespace conformance::runner {
namespace {

/// A requirement without a test is an error of the suite; not of a part of it that was asked for.
bool runs_the_whole_suite() {
    return GTEST_FLAG_GET(filter) == "*" && std::getenv("GTEST_TOTAL_SHARDS") == nullptr;
}

TestContext& make_context(const Options& options, Requirements requirements,
                          const Expectations& expectations, const char* program) {
    ContextOptions context{.session = {.command = command_words(options.driver),
                                       .backend = options.backend,
                                       .time_scale = options.time_scale,
                                       .want_stacks = !options.no_stacks},
                           .seed = options.seed,
                           .effort = options.effort,
                           .tells_counts = options.duration == 0,
                           .tells_outcomes = options.outcomes,
                           .requirements = std::move(requirements),
                           .save_folder = options.save,
                           .program = program,
                           .driver_command = options.driver,
                           .expectations = expectations.by_test()};
    TestContext::set_current(std::make_unique<TestContext>(std::move(context)));
    return TestContext::current();
}

/// Tells every check.
ExitCode smoke_aloud(TestContext& context) {
    std::vector<SmokeCheck> checks = smoke(context.session());
    checks.push_back(smoke_ending(context.options().session));
    ExitCode code = ExitCode::conforms;
    for (const SmokeCheck& check : checks) {
        if (!check.is_supported) {
            std::cout << "unsupported: " << check.what << '\n';
        } else if (check.fault.empty()) {
            std::cout << "ok: " << check.what << '\n';
        } else {
            std::cout << "FAILED: " << check.what << ": " << check.fault << '\n';
            code = graver(
                code, check.blames_driver ? ExitCode::driver_fault : ExitCode::does_not_conform);
        }
    }
    return code;
}

/// What is wrong with the driver. Throws UnusableDriver if it can do nothing of what it says: then
/// there is no use in going on.
std::vector<std::string> faults_of_driver(TestContext& context) {
    std::vector<std::string> faults;
    int supported = 0;
    for (const SmokeCheck& check : smoke(context.session())) {
        if (check.is_supported) ++supported;
        if (check.blames_driver)
            faults.push_back("it says that it " + check.what + ": " + check.fault);
    }
    if (!faults.empty() && static_cast<int>(faults.size()) == supported)
        throw UnusableDriver(faults.front());
    return faults;
}

void print_driver(const Options& options, const Greeting& greeting) {
    const auto name = [](const std::string& text) { return one_line(text, 200); };
    std::cout << "Driver: " << name(greeting.implementation) << ' ' << name(greeting.version)
              << " (" << name(greeting.language) << "), backend " << options.backend << ", seed "
              << options.seed << std::endl;
}

ExitCode soak_aloud(TestContext& context, const Options& options, const TestIndex& index,
                    const Expectations& expectations) {
    const Greeting greeting = context.session().greeting();
    print_driver(options, greeting);
    if (!expectations.file.empty()) require_implementation(expectations, greeting.implementation);
    const ExitCode code = soak(context, tests_to_soak(index),
                               {.seconds = options.duration, .seed = options.seed}, std::cout);
    std::cout << conclusion(code) << '\n';
    return code;
}

/// Says how the file has to change.
void print_update(Expectations expectations, const Greeting& greeting, const std::string& backend,
                  const std::vector<TestRecord>& records, const TestIndex& index) {
    if (expectations.file.empty()) {
        expectations.implementation = greeting.implementation;
        expectations.backend = backend;
    }
    const std::string update = update_of(expectations, records, index);
    std::cout << (update.empty() ? "The expectations need no update\n" : update);
}

bool nothing_was_judged(const std::vector<TestRecord>& records) {
    return !records.empty() && std::ranges::all_of(records, [](const TestRecord& record) {
        return record.verdict == TestVerdict::unsupported ||
               record.verdict == TestVerdict::inconclusive;
    });
}

ExitCode run_tests(TestContext& context, const Options& options, const TestIndex& index,
                   const Expectations& expectations) {
    const Greeting greeting = context.session().greeting();
    print_driver(options, greeting);
    if (!expectations.file.empty()) require_implementation(expectations, greeting.implementation);
    const std::vector<std::string> driver_faults = faults_of_driver(context);

    Report report(options.report, {.driver = options.driver,
                                   .backend = options.backend,
                                   .variant = options.variant,
                                   .greeting = greeting,
                                   .seed = options.seed,
                                   .time_scale = options.time_scale,
                                   .effort = options.effort,
                                   .all_tests = static_cast<int>(index.tests.size())});
    // GoogleTest owns its listeners, and deletes them if it ends the program, until it is told to release this one.
    const auto owned = std::make_unique<VerdictListener>(context, report);
    VerdictListener& listener = *owned;
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    listeners.Append(&listener);
    [[maybe_unused]] const int ignored = RUN_ALL_TESTS();  // the listener knows more
    listeners.Release(&listener);

    const int to_run = testing::UnitTest::GetInstance()->test_to_run_count();
    std::vector<std::string> faults;
    if (runs_the_whole_suite()) faults = gaps(index, context.options().requirements);
    Summary summary = summarize(listener.records(), to_run, faults);
    for (const std::string& fault : driver_faults) {
        std::cout << "driver error: " << fault << '\n';
        summary.code = graver(summary.code, ExitCode::driver_fault);
    }
    print_summary(std::cout, summary, listener.records(), to_run, faults);
    if (!options.report.empty())
        print_comparison(std::cout, {.variant = options.variant, .only = options.backend});
    if (options.update_expectations)
        print_update(expectations, greeting, options.backend, listener.records(), index);
    report.finish(summary.counts, summary.code);
    if (options.ctest && nothing_was_judged(listener.records())) return ExitCode::nothing_judged;
    return summary.code;
}

ExitCode run_program(int argc, char** argv) {
    const auto is_help = [](std::string_view argument) {
        return argument == "--help" || argument == "-h";
    };
    // GoogleTest would answer with a help of its own.
    if (std::none_of(argv + 1, argv + argc, is_help)) {
        require_readable_flags(argc, argv);
        testing::InitGoogleTest(&argc, argv);
        require_sound_setting();
    }
    const bool lists_tests = GTEST_FLAG_GET(list_tests);
    const auto options = parse_options(argc, argv, !lists_tests);
    if (!options) return ExitCode::conforms;
    if (lists_tests) return static_cast<ExitCode>(RUN_ALL_TESTS());

    if (!options->init.empty()) {
        init(options->init, options->language, std::cout);
        return ExitCode::conforms;
    }
    Requirements requirements(options->requirements);
    const TestIndex index = index_tests();
    if (options->list_requirements) {
        list_requirements(std::cout, index, requirements);
        const auto sentences = gaps(index, requirements);
        for (const std::string& sentence : sentences)
            std::cerr << "suite error: " << sentence << '\n';
        return sentences.empty() ? ExitCode::conforms : ExitCode::suite_error;
    }
    if (!options->merge.empty() || !options->compare.empty())
        return judge_reports(*options, requirements, index);
    Expectations expectations;
    if (!options->expectations.empty())
        expectations =
            read_expectations(options->expectations, options->backend, requirements, index);
    TestContext& context = make_context(*options, std::move(requirements), expectations, argv[0]);
    if (options->smoke) return smoke_aloud(context);
    if (!options->replay.empty())
        return replay(context, options->replay, options->times, std::cout);
    if (options->duration > 0) return soak_aloud(context, *options, index, expectations);
    return run_tests(context, *options, index, expectations);
}

}  // namespace

int run(int argc, char** argv) {
    ExitCode code = ExitCode::suite_error;
    try {
        code = run_program(argc, argv);
    } catch (const UsageError& error) {
        std::cerr << "freethreading-conformance: " << one_line(error.what(), 4000)
                  << "; see --help\n";
        code = ExitCode::usage;
    } catch (const UnusableDriver& error) {
        std::cerr << "The driver cannot be used: " << one_line(error.what(), 4000) << '\n';
        code = ExitCode::driver_fault;
    } catch (const ReportError& error) {
        std::cerr << "The reports cannot be judged: " << one_line(error.what(), 4000) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "The suite is at fault: " << one_line(error.what(), 4000) << '\n';
    }
    TestContext::set_current(nullptr);  // ends the driver
    if (!std::cout.flush()) {
        std::cerr
            << "freethreading-conformance: what it says cannot be written to standard output\n";
        if (code == ExitCode::conforms) code = ExitCode::usage;
    }
    return static_cast<int>(code);
}

}  // namespace conformance::runner
