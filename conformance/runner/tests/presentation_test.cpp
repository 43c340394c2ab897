// What is made of reports - page, JUnit, Markdown, badge - by the whole program. How the page behaves
// is the business of page_test.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "conformance/runner/tests/program.hpp"
#include "conformance/runner/tests/report_text.hpp"

namespace conformance::runner {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PresentationTest : public testing::Test {
  protected:
    [[nodiscard]] Program::Result run(const std::string& arguments) const {
        return program_.run("--requirements requirements " + arguments);
    }
    [[nodiscard]] std::string text_of(const std::string& file) const {
        std::string text;
        for (const std::string& line : program_.lines_of(file))
            text += line + '\n';
        return text;
    }
    [[nodiscard]] bool exists(const std::string& file) const {
        return std::filesystem::exists(program_.folder() / file);
    }
    /// On processes, where all requirements apply.
    [[nodiscard]] static ReportText report() { return {.backend = "multiprocessing"}; }
    /// With this verdict, and this reason, for LOCK-1.
    [[nodiscard]] static ReportText report(const std::string& verdict, const std::string& reason,
                                           int exit) {
        ReportText text = report();
        text.line(1).verdict = verdict;
        text.line(1).reason = reason;
        text.exit = exit;
        return text;
    }
    Program program_;
};

TEST_F(PresentationTest, all_files_are_written) {
    program_.write("one.jsonl", report("fail", "it lied", 1).text());
    const auto result =
        run("--merge one.jsonl --page out/page.html --junit out/x.xml --markdown out/x.md --badge "
            "out/x.svg");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(text_of("out/page.html"),
                AllOf(HasSubstr("<!doctype html>"), HasSubstr("Text of LOCK-1."),
                      HasSubstr("it lied"), Not(HasSubstr("{{data}}"))));
    EXPECT_THAT(
        text_of("out/x.xml"),
        AllOf(HasSubstr(R"(<testsuites name="freethreading" tests="8" failures="1" errors="0")"),
              HasSubstr(R"(<testsuite name="fake 1 (Python), plain multiprocessing" tests="8")"),
              HasSubstr(R"(classname="Lock" name="LOCK_1_held_lock_says_so")"),
              HasSubstr(R"(<failure message="fail: it lied" type="fail">)")));
    EXPECT_THAT(text_of("out/x.md"),
                AllOf(HasSubstr("# freethreading conformance: does not conform"),
                      HasSubstr("| implementation | on | pass | fail |"),
                      HasSubstr("| fake 1 \\(Python\\) | plain multiprocessing | 7 | 1 |"),
                      HasSubstr("- **LOCK-1** fail (required), fake 1 \\(Python\\) on plain "
                                "multiprocessing: it lied")));
    EXPECT_THAT(text_of("out/x.svg"),
                AllOf(HasSubstr("does not conform 7/8"), HasSubstr("<svg xmlns=")));
}

TEST_F(PresentationTest, what_is_not_known_is_an_error_for_junit) {
    ReportText text = report();
    text.exit = 4;
    const char* const verdicts[] = {
        "pass",         "not as recommended",  "unsupported", "inconclusive", "expected failure",
        "driver error", "other than permitted"};
    for (int i = 0; i < 7; ++i)
        text.line(i + 1).verdict = verdicts[i];
    text.lines.pop_back();  // LOCK-8 was not run
    program_.write("one.jsonl", text.text());
    EXPECT_EQ(run("--merge one.jsonl --junit x.xml").exit_code, 4);
    EXPECT_THAT(text_of("x.xml"),
                AllOf(HasSubstr(R"(tests="8" failures="0" errors="3" skipped="2")"),
                      HasSubstr(R"(type="not run")"), HasSubstr(R"(type="inconclusive")"),
                      HasSubstr(R"(type="driver error")")));
}

TEST_F(PresentationTest, a_report_that_breaks_off_is_an_error_everywhere) {
    program_.write("one.jsonl", report().header() + report().body());
    const auto result =
        run("--merge one.jsonl --page x.html --junit x.xml --markdown x.md --badge x.svg");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(text_of("x.xml"),
                AllOf(HasSubstr(R"(errors="1")"), HasSubstr("the report one.jsonl has no footer")));
    EXPECT_THAT(text_of("x.md"), HasSubstr("has no footer"));
    EXPECT_THAT(text_of("x.html"), HasSubstr("has no footer"));
    EXPECT_THAT(text_of("x.svg"), HasSubstr("inconclusive or incomplete 8/8"));
}

TEST_F(PresentationTest, several_implementations_are_compared) {
    program_.write("one.jsonl", report().text());
    ReportText other = report("fail", "it lied", 1);
    other.implementation = "other";
    program_.write("two.jsonl", other.text());
    EXPECT_EQ(run("--merge one.jsonl two.jsonl").exit_code, 5);
    const auto result = run("--compare one.jsonl two.jsonl --badge x.svg");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.output, AllOf(HasSubstr("1 report of fake 1 (Python)"),
                                     HasSubstr("1 report of other 1 (Python)"),
                                     HasSubstr("2 implementations: does not conform\n")));
    EXPECT_THAT(text_of("x.svg"), HasSubstr("1 of 2 conform"));
    EXPECT_EQ(run("--compare one.jsonl two.jsonl --report all.jsonl").exit_code, 2);
    EXPECT_FALSE(exists("all.jsonl"));
}

TEST_F(PresentationTest, changes_since_an_earlier_run) {
    program_.write("now.jsonl", report("fail", "it lied", 1).text());
    program_.write("then.jsonl", report().text());
    const auto result = run("--merge now.jsonl --earlier then.jsonl --markdown x.md");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.output,
                HasSubstr("change: LOCK-1 of fake 1 (Python) on plain multiprocessing: pass, now "
                          "fail\n1 change since the earlier run\n"));
    EXPECT_THAT(text_of("x.md"), HasSubstr("## Changed since the earlier run"));
    EXPECT_THAT(run("--merge now.jsonl --earlier now.jsonl --markdown x.md").output,
                HasSubstr("0 changes since the earlier run\n"));
    EXPECT_THAT(text_of("x.md"), HasSubstr("Nothing changed since the earlier run."));
    ReportText elsewhere = report();
    elsewhere.implementation = "other";
    program_.write("other.jsonl", elsewhere.text());
    EXPECT_THAT(run("--merge now.jsonl --earlier other.jsonl").output,
                HasSubstr("it has nothing of 1 of 1 columns"));
}

TEST_F(PresentationTest, bad_reports_are_refused_in_one_sentence) {
    ReportText other_suite = report();
    other_suite.suite = "9.9.9";
    program_.write("suite.jsonl", other_suite.text());
    ReportText other_tests = report();
    other_tests.all_tests = 7;
    program_.write("tests.jsonl", other_tests.text());
    program_.write("good.jsonl", report().text());
    for (const std::string option :
         {"--merge good.jsonl ", "--compare good.jsonl ", "--merge good.jsonl --earlier "}) {
        const auto suite = run(option + "suite.jsonl --page x.html");
        EXPECT_EQ(suite.exit_code, 5);
        EXPECT_EQ(suite.output,
                  "The reports cannot be judged: suite.jsonl: line 1 says that the report is of "
                  "version 9.9.9 of the suite, and this is version " +
                      std::string(suite_version) + "; judge again with this one\n");
        const auto tests = run(option + "tests.jsonl --page x.html");
        EXPECT_EQ(tests.exit_code, 5);
        EXPECT_EQ(tests.output,
                  "The reports cannot be judged: tests.jsonl is of a suite of 7 tests, and this "
                  "one has 8; judge again with this one\n");
        EXPECT_FALSE(exists("x.html"));
    }
}

TEST_F(PresentationTest, mutants_are_shown_by_requirement) {
    program_.write("one.jsonl", report().text());
    const auto line = [](int seed, const std::string& found) {
        return R"({"mutant": "lock_lies", "backend": "multiprocessing", "seed": )" +
               std::to_string(seed) + R"(, "found": )" + found +
               R"(, "tested": ["LOCK-1", "LOCK-2", "LOCK-3"], "must_fail": ["LOCK-1", "LOCK-4"]})" +
               '\n';
    };
    const std::string both = line(1, R"({"LOCK-1": 0.5, "LOCK-2": 1})");
    program_.write("killed.jsonl", both + line(2, R"({"LOCK-1": 0.25})"));
    EXPECT_EQ(run("--merge one.jsonl --mutants killed.jsonl --page x.html").exit_code, 0);
    EXPECT_THAT(text_of("x.html"),
                AllOf(HasSubstr(R"("mutants":{"all":1,"killed":1,"surviving":[]})"),
                      HasSubstr(R"([["lock_lies","multiprocessing",true,2,2,0.25]])"),
                      HasSubstr(R"([["lock_lies","multiprocessing",false,1,2,1.0]])")));
    program_.write("survives.jsonl", both + line(2, R"({"LOCK-2": 1})"));
    EXPECT_EQ(run("--merge one.jsonl --mutants survives.jsonl --page x.html").exit_code, 0);
    EXPECT_THAT(text_of("x.html"), HasSubstr(R"("mutants":{"all":1,"killed":0,"surviving":[0]})"));
    for (const auto& [text, complaint] : std::vector<std::pair<std::string, std::string>>{
             {"", "the kill matrix bad.jsonl tells of no mutant"},
             {both + both,
              "bad.jsonl: line 2 tells a second time of lock_lies on multiprocessing "
              "with the seed 1"},
             {both + "{\"mutant\":", "bad.jsonl: line 2 is no JSON object"},
             {R"({"mutant": 3})", R"(bad.jsonl: line 1 has no member "mutant" of the right type)"},
             {line(1, R"({"LOCK-77": 1})"),
              R"(bad.jsonl: line 1 tells of "LOCK-77", which is no requirement)"}}) {
        program_.write("bad.jsonl", text);
        const auto result = run("--merge one.jsonl --mutants bad.jsonl --page bad.html");
        EXPECT_EQ(result.exit_code, 5) << text;
        EXPECT_EQ(result.output, "The reports cannot be judged: " + complaint + '\n');
        EXPECT_FALSE(exists("bad.html"));
    }
    EXPECT_EQ(run("--merge one.jsonl --mutants nowhere --page bad.html").exit_code, 2);
    EXPECT_EQ(run("--merge one.jsonl --mutants killed.jsonl").exit_code, 2);
    EXPECT_THAT(run("--merge one.jsonl --mutants killed.jsonl --page killed.jsonl").output,
                HasSubstr("would overwrite killed.jsonl"));
}

TEST_F(PresentationTest, usage) {
    program_.write("one.jsonl", report().text());
    EXPECT_THAT(run("--page x.html").output, HasSubstr("need reports: --merge FILES"));
    EXPECT_EQ(run("--page x.html").exit_code, 2);
    EXPECT_EQ(run("--merge one.jsonl --compare one.jsonl").exit_code, 2);
    const auto same = run("--merge one.jsonl --page one.jsonl");
    EXPECT_EQ(same.exit_code, 2);
    EXPECT_THAT(same.output, HasSubstr("would overwrite one.jsonl"));
    EXPECT_EQ(text_of("one.jsonl"), report().text());
    program_.write("folder/file", "");
    EXPECT_EQ(run("--merge one.jsonl --page folder").exit_code, 2);
    const auto twice = run("--merge one.jsonl --page x --junit ./x");
    EXPECT_EQ(twice.exit_code, 2);
    EXPECT_THAT(twice.output, HasSubstr("two results would be written to ./x"));
    EXPECT_FALSE(exists("x"));
}

TEST_F(PresentationTest, a_failure_brings_its_drawing_and_its_command) {
    ASSERT_EQ(program_
                  .judge("forgets locks",
                         "--report results/one.jsonl --gtest_filter=*LOCK_1_* --variant plain")
                  .exit_code,
              1);
    EXPECT_EQ(run("--merge results/one.jsonl --page x.html").exit_code, 1);
    const std::string page = text_of("x.html");
    EXPECT_THAT(
        page, AllOf(HasSubstr(R"("drawing":"\u003csvg xmlns)"), HasSubstr("nothing explains this"),
                    HasSubstr(R"(["Scenario",)"), HasSubstr("--backend threading --replay ")));
    // Reports travel with what lies beside them.
    std::filesystem::rename(program_.folder() / "results", program_.folder() / "elsewhere");
    EXPECT_EQ(run("--merge elsewhere/one.jsonl --page x.html").exit_code, 1);
    const std::string start = R"("drawing":"\u003csvg)";
    const auto drawing = [&](const std::string& text) {
        const std::size_t at = text.find(start);
        return at == std::string::npos ? "none" : text.substr(at, text.find("/svg", at) - at);
    };
    EXPECT_EQ(drawing(text_of("x.html")), drawing(page));
}

TEST_F(PresentationTest, hostile_texts_are_contained) {
    const std::string hostile = R"(</script><b>&\u0001\u202e{{nonce}})";
    ReportText text = report("fail", hostile, 1);
    text.implementation = hostile;
    program_.write("one.jsonl", text.text());
    EXPECT_EQ(run("--merge one.jsonl --page x.html --junit x.xml --markdown x.md").exit_code, 1);
    EXPECT_THAT(text_of("x.html"), AllOf(Not(HasSubstr("</script><b>")),
                                         HasSubstr("\\u003c/script>\\u003cb>&\xef\xbf\xbd")));
    EXPECT_THAT(text_of("x.xml"), AllOf(Not(HasSubstr("<b>")), Not(HasSubstr("\x01"))));
    EXPECT_THAT(text_of("x.md"), AllOf(Not(HasSubstr("<b>")), Not(HasSubstr("\x01"))));
    const std::string large(1 << 20, 'x');
    ReportText long_text = report("fail", large, 1);
    long_text.implementation = large;
    program_.write("two.jsonl", long_text.text());
    EXPECT_LT(run("--merge two.jsonl --page y.html --junit y.xml --markdown y.md").output.size(),
              16384U);
    for (const char* const file : {"y.xml", "y.md"})
        EXPECT_LT(text_of(file).size(), 16384U) << file;
    EXPECT_LT(text_of("y.html").size(), text_of("x.html").size() + 16384U);
}

}  // namespace
}  // namespace conformance::runner
