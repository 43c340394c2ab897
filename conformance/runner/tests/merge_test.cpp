// The merge of reports, by the whole program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/tests/program.hpp"
#include "conformance/runner/tests/report_text.hpp"

namespace conformance::runner {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class MergeTest : public testing::Test {
  protected:
    [[nodiscard]] Program::Result merge(const std::string& arguments) const {
        return program_.run("--requirements requirements --merge " + arguments);
    }
    /// The only report is this text.
    [[nodiscard]] Program::Result merge_text(const std::string& text) const {
        program_.write("one.jsonl", text);
        return merge("one.jsonl");
    }
    /// As LOCK-6 does not apply to threads.
    [[nodiscard]] static ReportText on_threads() {
        ReportText report;
        report.line(6).verdict = "unsupported";
        report.line(6).reason = "LOCK-6 does not apply to threading";
        return report;
    }
    Program program_;
};

TEST_F(MergeTest, both_backends_conform) {
    program_.write("one.jsonl", on_threads().text());
    program_.write("two.jsonl", ReportText{.backend = "multiprocessing"}.text());
    const auto result = merge("one.jsonl two.jsonl --report merged/all.jsonl");
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.output,
              "2 reports of fake 1 (Python)\n"
              "variant  backend          requirements  pass\n"
              "plain    multiprocessing             8     8\n"
              "plain    threading                   7     7\n"
              "comparison (plain): both backends agree on 7 requirements\n"
              "All together: conforms\n");
    const auto lines = program_.lines_of("merged/all.jsonl");
    ASSERT_THAT(lines, SizeIs(18));  // header, 15 verdicts, comparison, footer
    EXPECT_THAT(
        lines.front(),
        AllOf(HasSubstr(R"({"report":1,"suite":")" + std::string(suite_version) +
                        R"(","merged":[{"file":"one.jsonl","driver":"driver",)"),
              HasSubstr(R"("seed":18446744073709551615,"time_scale":0.5,"effort":2.0,"exit":0})"),
              HasSubstr(R"("implementation":"fake")")));
    EXPECT_EQ(lines[1],
              R"({"id":"LOCK-1","level":"required","backend":"multiprocessing",)"
              R"("variant":"plain","verdict":"pass","test":"Lock.LOCK_1_held_lock_says_so",)"
              R"("tests":["Lock.LOCK_1_held_lock_says_so"]})");
    EXPECT_EQ(lines[16], R"({"comparison":{"variant":"plain","agreeing":7,"not_compared":0,)"
                         R"("differences":[]}})");
    EXPECT_EQ(lines[17], R"({"end":{"counts":{"pass":15},"exit":0}})");
}

TEST_F(MergeTest, backends_that_differ) {
    program_.write("one.jsonl", on_threads().text());
    ReportText processes{.backend = "multiprocessing", .exit = 1};
    processes.line(1).verdict = "fail";
    processes.line(1).reason = "it lied";
    processes.line(5).verdict = "unsupported";
    processes.line(5).reason = "no Event";
    program_.write("two.jsonl", processes.text());
    const auto result = merge("one.jsonl two.jsonl --report all.jsonl");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.output,
              "2 reports of fake 1 (Python)\n"
              "variant  backend          requirements  pass  unsupported  fail\n"
              "plain    multiprocessing             8     6            1     1\n"
              "plain    threading                   7     7            0     0\n"
              "fail: LOCK-1 (required) on plain multiprocessing: Lock.LOCK_1_held_lock_says_so: "
              "it lied\n"
              "unsupported: LOCK-5 (required) on plain multiprocessing: "
              "Lock.LOCK_5_event_can_be_set: no Event\n"
              "comparison (plain): LOCK-1: pass on threading, fail on multiprocessing: "
              "Lock.LOCK_1_held_lock_says_so: it lied\n"
              "comparison (plain): both backends agree on 5 requirements and differ on 1; "
              "1 requirement could not be compared\n"
              "All together: does not conform\n");
    EXPECT_THAT(
        program_.lines_of("all.jsonl"),
        AllOf(Contains(HasSubstr(R"("differences":[{"id":"LOCK-1","threading":{"verdict":"pass",)"
                                 R"("test":"Lock.LOCK_1_held_lock_says_so"},)"
                                 R"("multiprocessing":{"verdict":"fail",)")),
              Contains(HasSubstr(R"("verdict":"fail","test":"Lock.LOCK_1_held_lock_says_so",)"
                                 R"("tests":["Lock.LOCK_1_held_lock_says_so"],)"
                                 R"("reason":"it lied"})"))));
}

TEST_F(MergeTest, parts_of_the_tests_make_a_whole) {
    ReportText first = on_threads();
    ReportText second = on_threads();
    first.lines.erase(first.lines.begin() + 3, first.lines.end());
    second.lines.erase(second.lines.begin(), second.lines.begin() + 3);
    program_.write("one.jsonl", first.text());
    program_.write("two.jsonl", second.text());
    EXPECT_EQ(merge("one.jsonl two.jsonl").exit_code, 0);
    const auto part = merge("two.jsonl --report all.jsonl");
    EXPECT_EQ(part.exit_code, 3);
    EXPECT_THAT(part.output,
                AllOf(HasSubstr("variant  backend    requirements  not run  pass\n"
                                "plain    threading             7        3     4\n"),
                      HasSubstr("not run: LOCK-2 (recommended) on plain threading: "
                                "Lock.LOCK_2_recommended_held_lock_says_so: no report has it\n"),
                      Not(HasSubstr("LOCK-4")), HasSubstr("inconclusive or incomplete\n")));
    EXPECT_THAT(program_.lines_of("all.jsonl"),
                Contains(HasSubstr(R"({"counts":{"not run":3,"pass":4},"exit":3})")));
}

TEST_F(MergeTest, every_variant_needs_all_requirements) {
    ReportText sanitized = on_threads();
    sanitized.variant = "tsan";
    sanitized.line(4).verdict = "inconclusive";
    sanitized.line(4).reason = "slow";
    sanitized.lines.pop_back();
    sanitized.exit = 3;
    program_.write("one.jsonl", on_threads().text());
    program_.write("two.jsonl", sanitized.text());
    const auto result = merge("one.jsonl two.jsonl");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.output, AllOf(HasSubstr("not run: LOCK-8 (required) on tsan threading: "),
                                     HasSubstr("inconclusive: LOCK-4 (required) on tsan threading"),
                                     HasSubstr("comparison (plain): only threading was run"),
                                     HasSubstr("comparison (tsan): only threading was run")));
}

TEST_F(MergeTest, what_several_places_have_in_common_is_said_once) {
    for (const std::string variant : {"plain", "tsan"}) {
        ReportText report = on_threads();
        report.variant = variant;
        report.line(3).verdict = "unsupported";
        report.line(3).reason = "no driver can tell";
        program_.write(variant + ".jsonl", report.text());
    }
    const auto result = merge("plain.jsonl tsan.jsonl");
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.output,
                HasSubstr("\nunsupported: LOCK-3 (required) on plain threading, tsan threading: "
                          "Lock.LOCK_3_nobody_can_test_this: no driver can tell\ncomparison"));
}

TEST_F(MergeTest, the_worst_of_a_repeated_test_counts) {
    ReportText failing = on_threads();
    failing.line(8).verdict = "fail";
    failing.line(8).reason = "once";
    failing.lines = {failing.line(8)};
    failing.exit = 1;
    program_.write("one.jsonl", failing.text());
    program_.write("two.jsonl", on_threads().text());
    for (const char* const order : {"one.jsonl two.jsonl", "two.jsonl one.jsonl"}) {
        const auto result = merge(order);
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.output,
                    AllOf(HasSubstr("threading             7     6     1\n"),
                          HasSubstr("fail: LOCK-8 (required) on plain threading: "
                                    "Lock.LOCK_8_seen_by_the_test_itself: once\n"),
                          HasSubstr("Reported again: 1 test; the worst verdict counts\n")));
    }
}

TEST_F(MergeTest, a_report_without_a_footer_is_incomplete) {
    const ReportText report = on_threads();
    const auto result = merge_text(report.header() + report.body());
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("inconclusive or incomplete: the report one.jsonl has no footer: "
                                "its run was broken off after 8 of 8 tests\n"),
                      HasSubstr("threading             7     7\n")));
    // In the middle of a line.
    const std::string text = report.header() + report.body();
    const auto cut = merge_text(text.substr(0, text.size() - 10));
    EXPECT_EQ(cut.exit_code, 3);
    EXPECT_THAT(cut.output, AllOf(HasSubstr("broken off after 7 of 8 tests\n"),
                                  HasSubstr("not run: LOCK-8 (required)")));
    const auto empty = merge_text("");
    EXPECT_EQ(empty.exit_code, 3);
    EXPECT_THAT(empty.output, HasSubstr("one.jsonl has no header: its run never began\n"));
}

TEST_F(MergeTest, what_is_wrong_beside_the_tests_counts) {
    ReportText report = on_threads();
    report.exit = 4;
    const auto result = merge_text(report.text());
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.output, HasSubstr("the report one.jsonl ends with \"the driver is at "
                                         "fault\", for another reason than the verdicts"));
    report.exit = 1;
    report.line(1).verdict = "fail";
    const auto explained = merge_text(report.text());
    EXPECT_EQ(explained.exit_code, 1);
    EXPECT_THAT(explained.output, Not(HasSubstr("another reason")));
}

TEST_F(MergeTest, the_gravest_exit_status_counts) {
    program_.write("pass.jsonl", on_threads().text());
    std::string files = "pass.jsonl";
    const std::pair<const char*, int> verdicts[] = {
        {"inconclusive", 3}, {"fail", 1}, {"driver error", 4}, {"unexpected pass", 5}};
    for (const auto& [verdict, exit] : verdicts) {
        ReportText report = on_threads();
        report.line(1).verdict = verdict;
        report.exit = exit;
        const std::string file = std::to_string(exit) + ".jsonl";
        program_.write(file, report.text());
        files = file + ' ' + files;
        EXPECT_EQ(merge(files).exit_code, exit) << files;
    }
}

TEST_F(MergeTest, an_unknown_requirement) {
    ReportText report = on_threads();
    report.lines.push_back({.test = "LOCK_77_of_another_suite"});
    const auto result = merge_text(report.text());
    EXPECT_EQ(result.exit_code, 5);
    EXPECT_THAT(result.output,
                HasSubstr("the suite is at fault: the report one.jsonl: the test "
                          "Lock.LOCK_77_of_another_suite names the unknown requirement LOCK-77\n"));
}

TEST_F(MergeTest, a_requirement_without_a_test) {
    program_.write_requirements({}, true);
    const auto result = merge_text(on_threads().text());
    EXPECT_EQ(result.exit_code, 5);
    EXPECT_THAT(
        result.output,
        AllOf(HasSubstr("the suite is at fault: requirement LOCK-9 has no test\n"),
              HasSubstr("not run: LOCK-9 (required) on plain threading: it has no test\n")));
}

TEST_F(MergeTest, what_does_not_apply_is_heard_if_it_fails) {
    ReportText report = on_threads();
    report.line(6).verdict = "fail";
    report.exit = 1;
    const auto result = merge_text(report.text());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.output, HasSubstr("fail: LOCK-6 (required) on plain threading"));
}

TEST_F(MergeTest, different_implementations) {
    program_.write("one.jsonl", on_threads().text());
    program_.write("two.jsonl", ReportText{.implementation = "other"}.text());
    const auto result = merge("one.jsonl two.jsonl");
    EXPECT_EQ(result.exit_code, 5);
    EXPECT_EQ(
        result.output,
        "The reports cannot be judged: the reports are of different implementations: "
        "one.jsonl of fake 1 (Python), two.jsonl of other 1 (Python); --compare takes them\n");
}

TEST_F(MergeTest, what_the_runner_never_writes) {
    const ReportText good = on_threads();
    const std::string header = good.header();
    ReportText version = good;
    version.report = 2;
    ReportText backend = good;
    backend.backend = "fibers";
    ReportText verdict = good;
    verdict.line(2).verdict = "perhaps";
    ReportText exit = good;
    exit.line(1).verdict = "fail";
    ReportText unknown_exit = good;
    unknown_exit.exit = 2;
    const std::pair<std::string, const char*> texts[] = {
        {"nonsense", "one.jsonl: line 1 is no JSON object\n"},
        {"[]\n", "line 1 is no JSON object"},
        {good.body(), "line 1 is not the header of a report"},
        {version.text(), "line 1 says that the report has version 2; this program reads version 1"},
        {R"({"report":1,"merged":[]})", "line 1 is the header of a merged report"},
        {R"({"report":1e300})", "line 1 has no member \"report\" of the right type"},
        {header + R"({"end":)" + std::string(50'000, '[') + std::string(50'000, ']') + "}\n",
         "line 2 is no JSON object"},
        {header + R"({"end":{"counts":{"pass":4294967297},"exit":0}})",
         "line 2 has no member \"pass\" of the right type"},
        {R"({"report":1,"driver":7})", "line 1 has no member \"suite\" of the right type"},
        {backend.text(), "line 1 has the unknown backend fibers"},
        {header + "{\n" + good.body(), "line 2 is no JSON object"},
        {header + "{}\n", "line 2 has no member \"test\" of the right type"},
        {verdict.text(), "line 3 has the unknown verdict \"perhaps\""},
        {header + good.footer(), "line 2 is a footer that counts other verdicts"},
        {exit.text(), "line 10 is a footer with the exit status 0, which does not follow"},
        {unknown_exit.text(), "line 10 is a footer with the exit status 2"},
        {good.text() + good.text(), "line 11 comes after the footer"},
    };
    for (const auto& [text, sentence] : texts) {
        const auto result = merge_text(text);
        EXPECT_EQ(result.exit_code, 5) << text;
        EXPECT_THAT(result.output,
                    AllOf(HasSubstr("The reports cannot be judged: "), HasSubstr(sentence)));
    }
}

TEST_F(MergeTest, usage) {
    const std::string text = on_threads().text();
    program_.write("one.jsonl", text);
    for (const char* const arguments :
         {"", "missing.jsonl", "requirements", "one.jsonl --driver x", "one.jsonl --smoke",
          "one.jsonl --replay x", "one.jsonl --list-requirements", "one.jsonl --report one.jsonl",
          "one.jsonl --report requirements"}) {
        const auto result = merge(arguments);
        EXPECT_EQ(result.exit_code, 2) << arguments << '\n' << result.output;
    }
    EXPECT_THAT(program_.lines_of("one.jsonl"), SizeIs(10));  // not overwritten
}

TEST_F(MergeTest, reports_of_the_runner_itself) {
    for (const std::string backend : {"threading", "multiprocessing"}) {
        const auto run =
            program_.judge("none", "--report " + backend + ".jsonl --backend " + backend);
        EXPECT_EQ(run.exit_code, 0) << run.output;
        EXPECT_THAT(run.output,
                    testing::EndsWith("conforms\ncomparison: only " + backend +
                                      " was run; the other backend was not run: merge its report "
                                      "with --merge\n"));
    }
    const auto result = merge("threading.jsonl multiprocessing.jsonl --report all.jsonl");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("-        threading                   7"),
                      HasSubstr("comparison: both backends agree on 5 requirements; 2 requirements "
                                "could not be compared\n")));
    const auto again = merge("all.jsonl");
    EXPECT_EQ(again.exit_code, 5);
    EXPECT_THAT(again.output, HasSubstr("merge the reports that it was made of"));
}

}  // namespace
}  // namespace conformance::runner
