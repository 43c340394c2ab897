// The whole program: exit status, report, and what it says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "conformance/runner/tests/program.hpp"

namespace conformance::runner {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class RunnerTest : public testing::Test {
  protected:
    [[nodiscard]] std::string line_of(const std::string& test) const {
        for (const std::string& line : program_.lines_of("report/all.jsonl")) {
            if (line.find(test) != std::string::npos) return line;
        }
        return "no line";
    }
    Program program_;
};

TEST_F(RunnerTest, an_implementation_that_conforms) {
    const auto result =
        program_.judge("none", "--report report/all.jsonl --seed 7 --variant plain");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("8 tests, 4 pass, 1 other than permitted, 3 unsupported"));
    const auto lines = program_.lines_of("report/all.jsonl");
    ASSERT_EQ(lines.size(), 11U);
    EXPECT_THAT(lines.front(),
                AllOf(HasSubstr(R"("report":1)"), HasSubstr(R"("implementation":"fake")"),
                      HasSubstr(R"("seed":7)"), HasSubstr(R"("variant":"plain")"),
                      HasSubstr(R"("tests":8,"all_tests":8)")));
    EXPECT_EQ(lines[9], R"({"comparison":{"variant":"plain","only":"threading"}})");
    EXPECT_THAT(lines.back(), HasSubstr(R"({"end":{"counts":{"pass":4,)"));
    EXPECT_THAT(lines.back(), HasSubstr(R"("exit":0)"));
    EXPECT_THAT(line_of("LOCK_4"),
                AllOf(HasSubstr(R"("verdict":"pass")"), HasSubstr(R"("runs":4)")));
    EXPECT_THAT(line_of("LOCK_3"), HasSubstr("no driver can tell"));
    EXPECT_THAT(line_of("LOCK_5"), HasSubstr("does not list Event"));
    EXPECT_THAT(line_of("LOCK_6"), HasSubstr("does not apply to threading"));
    EXPECT_THAT(line_of("LOCK_7"), HasSubstr(R"("verdict":"other than permitted")"));
}

TEST_F(RunnerTest, a_violation_is_told_with_all_one_needs) {
    const auto result = program_.judge("forgets locks", "--report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("Lock#1.locked() returned false, though only true is allowed"),
                      HasSubstr("Text of LOCK-1."), HasSubstr("Place of LOCK-1."),
                      HasSubstr("main.locked(lock_1);"), HasSubstr("<===="), HasSubstr("--replay"),
                      HasSubstr("1 not as recommended, "), HasSubstr("1 fail: does not conform")));
    EXPECT_THAT(result.output,
                HasSubstr("[  PASSED  ]"));  // LOCK-2, which is recommended, among them
    EXPECT_THAT(line_of("LOCK_2"), HasSubstr(R"("verdict":"not as recommended")"));
    EXPECT_THAT(line_of("LOCK_1"), HasSubstr(R"("verdict":"fail")"));
}

TEST_F(RunnerTest, a_soak_goes_on_from_new_seeds_until_its_time_is_up) {
    const auto good = program_.judge("none", "--duration 0.5 --seed 7 --gtest_filter=*LOCK_4_*");
    EXPECT_EQ(good.exit_code, 0) << good.output;
    EXPECT_THAT(good.output, AllOf(HasSubstr(" 0 found, 0 s remain"), Not(HasSubstr("[ RUN"))));
    const auto bad =
        program_.judge("forgets locks", "--duration 0.5 --save saved --gtest_filter=*LOCK_1_*");
    EXPECT_EQ(bad.exit_code, 1) << bad.output;
    EXPECT_THAT(bad.output, AllOf(HasSubstr("Lock.LOCK_1_held_lock_says_so, seed "),
                                  HasSubstr("though only true is allowed"), HasSubstr("--replay"),
                                  HasSubstr("does not conform")));
    int pages = 0;
    int scenarios = 0;
    for (const auto& entry : std::filesystem::directory_iterator(program_.folder() / "saved")) {
        if (entry.path().extension() == ".html") ++pages;
        if (entry.path().extension() == ".json") ++scenarios;
    }
    EXPECT_GE(scenarios, 1);
    EXPECT_EQ(pages, scenarios);
    EXPECT_EQ(program_.judge("none", "--duration 1 --gtest_filter=Nothing.*").exit_code, 2);
}

TEST_F(RunnerTest, a_saved_scenario_is_replayed) {
    ASSERT_EQ(program_.judge("forgets locks", "--save saved --gtest_filter=*LOCK_1_*").exit_code,
              1);
    std::string file;
    for (const auto& entry : std::filesystem::directory_iterator(program_.folder() / "saved"))
        if (entry.path().extension() == ".json") file = entry.path();
    ASSERT_THAT(file, HasSubstr("Lock.LOCK_1_held_lock_says_so-threading-"));
    const auto again = program_.judge("forgets locks", "--replay " + file + " --times 5");
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.output, AllOf(HasSubstr("Text of LOCK-1."), HasSubstr("5 runs: 5 fail")));
    const auto good = program_.judge("none", "--replay " + file);
    EXPECT_EQ(good.exit_code, 0);
    EXPECT_EQ(good.output, "1 run: 1 pass\n");
    EXPECT_EQ(program_.judge("none", "--replay missing.json").exit_code, 2);
}

TEST_F(RunnerTest, a_part_of_the_suite_is_judged_alone) {
    const auto result =
        program_.judge("forgets locks", "--gtest_filter=*LOCK_4* --report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(program_.lines_of("report/all.jsonl").front(),
                HasSubstr(R"("tests":1,"all_tests":8)"));
    EXPECT_EQ(program_.judge("none", "--gtest_filter=*LOCK_44*").exit_code, 3);
}

TEST_F(RunnerTest, requirements_and_tests_belong_together) {
    EXPECT_EQ(program_.run("--list-requirements --requirements requirements").exit_code, 0);
    program_.write_requirements("LOCK-4", true);
    const auto list = program_.run("--list-requirements --requirements requirements");
    EXPECT_EQ(list.exit_code, 5);
    EXPECT_THAT(list.output, AllOf(HasSubstr("requirement LOCK-9 has no test"),
                                   HasSubstr("names the unknown requirement LOCK-4"),
                                   HasSubstr("    Lock.LOCK_1_held_lock_says_so\n")));
    const auto whole = program_.judge("none");
    EXPECT_EQ(whole.exit_code, 5);
    EXPECT_THAT(whole.output, HasSubstr("suite error: Lock.LOCK_4"));
    EXPECT_EQ(program_.judge("none", "--gtest_filter=*LOCK_1*").exit_code, 0);
}

TEST_F(RunnerTest, a_driver_that_deadlocks_every_second_time) {
    const auto result = program_.judge("deadlocks", "--report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(line_of("LOCK_4"), HasSubstr("never returned, though it could proceed"));
    EXPECT_THAT(program_.lines_of("report/all.jsonl"), testing::SizeIs(11));
}

TEST_F(RunnerTest, a_driver_that_crashes_every_second_time) {
    const auto result = program_.judge("crashes", "--report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(line_of("LOCK_4"),
                AllOf(HasSubstr("was killed by signal 11"), HasSubstr("about to crash")));
}

TEST_F(RunnerTest, a_driver_that_breaks_the_protocol_every_second_time) {
    const auto result = program_.judge("makes noise", "--report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 4) << result.output;
    EXPECT_THAT(line_of("LOCK_1"), HasSubstr(R"("verdict":"pass")"));
    EXPECT_THAT(line_of("LOCK_4"),
                AllOf(HasSubstr(R"("verdict":"driver error")"), HasSubstr("rule 1.3")));
    EXPECT_THAT(line_of("\"end\""), HasSubstr(R"("exit":4)"));
}

TEST_F(RunnerTest, a_driver_that_never_keeps_to_the_protocol_judges_nothing) {
    const auto result = program_.judge("answers nonsense", "--report report/all.jsonl");
    EXPECT_EQ(result.exit_code, 4) << result.output;
    EXPECT_THAT(result.output, HasSubstr("The driver cannot be used: it says that it runs"));
    EXPECT_THAT(program_.lines_of("report/all.jsonl"), Not(Contains(HasSubstr("\"end\""))));
}

TEST_F(RunnerTest, a_driver_that_cannot_be_used) {
    const auto result = program_.run("--driver /nonexistent --requirements requirements");
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.output, HasSubstr("does not exist"));
}

TEST_F(RunnerTest, smoke_checks_the_driver) {
    const auto good = program_.judge("none", "--smoke");
    EXPECT_EQ(good.exit_code, 0) << good.output;
    EXPECT_THAT(good.output, HasSubstr("ok: ends when its standard input does"));
    const auto bad = program_.judge("stays", "--smoke");
    EXPECT_EQ(bad.exit_code, 4);
    EXPECT_THAT(bad.output, HasSubstr("rule 1.4"));
}

TEST_F(RunnerTest, a_report_that_cannot_be_written_is_no_success) {
    const auto result = program_.judge("none", "--report /dev/full");
    EXPECT_EQ(result.exit_code, 2) << result.output;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("the report /dev/full cannot be written: from here on"),
                      HasSubstr("8 tests, 4 pass")));
    EXPECT_EQ(program_.run("--list-requirements --requirements requirements >/dev/full").exit_code,
              2);
}

TEST_F(RunnerTest, nothing_that_is_read_is_overwritten) {
    const std::string known = R"({"version": 1, "implementation": "fake", "backend": "threading"})";
    program_.write("known.json", known + '\n');
    program_.write("driver.py", "");
    for (const char* const arguments : {"--expectations known.json --report ./known.json",
                                        "--replay known.json --report known.json"}) {
        const auto result = program_.judge("none", arguments);
        EXPECT_EQ(result.exit_code, 2) << result.output;
        EXPECT_THAT(result.output, HasSubstr("would overwrite known.json"));
    }
    EXPECT_EQ(program_.lines_of("known.json").front(), known);
    EXPECT_THAT(program_.run("--driver 'python3 driver.py' --report driver.py").output,
                HasSubstr("would overwrite driver.py"));
}

TEST_F(RunnerTest, ctest_is_told_if_nothing_was_judged) {
    EXPECT_EQ(program_.judge("none", "--ctest --gtest_filter=*LOCK_5_*").exit_code, 77);
    EXPECT_EQ(program_.judge("none", "--gtest_filter=*LOCK_5_*").exit_code, 0);
    EXPECT_EQ(program_.judge("none", "--ctest --gtest_filter=*LOCK_5_*:*LOCK_4_*").exit_code, 0);
    EXPECT_EQ(program_.judge("forgets locks", "--ctest --gtest_filter=*LOCK_1_*").exit_code, 1);
    EXPECT_EQ(program_.judge("none", "--ctest --gtest_filter=*LOCK_44*").exit_code, 3);
}

TEST_F(RunnerTest, what_a_driver_writes_cannot_pose_as_a_line_of_ours) {
    const auto result = program_.judge("crashes", "--gtest_filter=*LOCK_4_*");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("\n  about to crash"), Not(HasSubstr("\nabout to"))));
}

TEST_F(RunnerTest, what_googletest_would_end_for_is_refused) {
    const std::string filter = "--gtest_filter=*LOCK_4_* ";
    for (const auto& [option, sentence] : std::vector<std::pair<std::string, std::string>>{
             {"--gtest_output=xml:/proc/nowhere/x.xml", "/proc/nowhere/x.xml cannot be written"},
             {"--gtest_output=yaml", "xml:FILE or json:FILE"},
             {"--gtest_flagfile=nowhere", "the file of flags nowhere cannot be read"}}) {
        const auto result = program_.judge("none", filter + option);
        EXPECT_EQ(result.exit_code, 2) << option << result.output;
        EXPECT_THAT(result.output, AllOf(HasSubstr(sentence), Not(HasSubstr("[ RUN"))));
    }
    for (const auto& [variables, sentence] : std::vector<std::pair<std::string, std::string>>{
             {"GTEST_TOTAL_SHARDS=abc GTEST_SHARD_INDEX=0", "is \"abc\", which is no number"},
             {"GTEST_TOTAL_SHARDS=2", "of use together only"},
             {"GTEST_SHARD_INDEX=2", "of use together only"},
             {"GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=2", "there are those from 0 to 1"},
             {"GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0 GTEST_SHARD_STATUS_FILE=/proc/nowhere/x",
              "GTEST_SHARD_STATUS_FILE /proc/nowhere/x cannot be written"}}) {
        const auto result = program_.judge("none", filter, variables);
        EXPECT_EQ(result.exit_code, 2) << variables << result.output;
        EXPECT_THAT(result.output, AllOf(HasSubstr(sentence), Not(HasSubstr("[ RUN"))));
    }
    EXPECT_EQ(program_.judge("none", "", "GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1").exit_code, 0);
}

TEST_F(RunnerTest, tests_are_listed_without_a_driver) {
    const auto result = program_.run("--gtest_list_tests");
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.output, HasSubstr("LOCK_8_seen_by_the_test_itself"));
}

TEST_F(RunnerTest, usage) {
    for (const char* const arguments :
         {"", "--driver", "--drive x", "--driver \"'x\"", "--driver x --backend fibers",
          "--driver x --times 3", "--driver x --time-scale 0", "--driver x more",
          "--driver x --gtest_nonsense=1", "--driver x --report ''", "--driver x --expectations ''",
          "--driver x --smoke --report y", "--driver x --duration 1 --report y",
          "--driver x --seed -1", "--driver x --seed 99999999999999999999",
          "--driver x --effort 1e300", "--merge y --duration 1", "--merge y --expectations z",
          "--init y --compare z"}) {
        const auto result = program_.run(arguments);
        EXPECT_EQ(result.exit_code, 2) << arguments << '\n' << result.output;
    }
    for (const char* const number : {"25m", "-1", "0", "inf", "nan", ""}) {
        const auto result = program_.run(std::string("--driver x --duration '") + number + '\'');
        EXPECT_EQ(result.exit_code, 2) << number << '\n' << result.output;
        EXPECT_THAT(result.output, HasSubstr("no positive number")) << number;
    }
    const auto help = program_.run("--help");
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.output, AllOf(HasSubstr("--expectations"), HasSubstr("--gtest_filter")));
}

}  // namespace
}  // namespace conformance::runner
