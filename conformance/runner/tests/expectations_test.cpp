/// \file
/// What a file of expectations does to a run, and how the program answers to one that is wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "conformance/engine/test_context.hpp"
#include "conformance/runner/expectation_update.hpp"
#include "conformance/runner/tests/program.hpp"

namespace conformance::runner {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* all_of_lock_1 =
    R"("failures": [{"id": "LOCK-1", "reason": "it forgets", "link": "LOCK-1"}])";

class ExpectationsTest : public testing::Test {
  protected:
    void write(const std::string& lists, const std::string& backend = "threading") const {
        program_.write("list.json", R"({"version": 1, "implementation": "fake", "backend": ")" +
                                        backend + "\", " + lists + "}\n");
    }
    [[nodiscard]] Program::Result judge(const std::string& fault,
                                        const std::string& more = {}) const {
        return program_.judge(fault, "--expectations list.json " + more);
    }
    /// One sentence, and exit status 5.
    void expect_refused(const std::string& sentence, const std::string& more = {}) const {
        const auto result = judge("none", more);
        EXPECT_EQ(result.exit_code, 5) << result.output;
        EXPECT_THAT(result.output, HasSubstr("The suite is at fault: the expectations list.json"));
        EXPECT_THAT(result.output, HasSubstr(sentence));
        EXPECT_THAT(result.output, Not(HasSubstr("[ RUN")));
    }

    Program program_;
};

TEST_F(ExpectationsTest, an_expected_failure_must_fail) {
    write(all_of_lock_1);
    const auto failing = judge("forgets locks");
    EXPECT_EQ(failing.exit_code, 0) << failing.output;
    EXPECT_THAT(failing.output, HasSubstr("1 expected failure"));
    const auto passing = judge("none");
    EXPECT_EQ(passing.exit_code, 5) << passing.output;
    EXPECT_THAT(passing.output, HasSubstr("unexpected pass: Lock.LOCK_1_held_lock_says_so"));
    EXPECT_THAT(passing.output, HasSubstr("remove its entries"));
}

TEST_F(ExpectationsTest, what_is_unsupported_did_not_fail) {
    write(R"("failures": [{"id": "LOCK-3", "reason": "nobody can tell", "link": "LOCK-3"}])");
    const auto result = judge("none");
    EXPECT_EQ(result.exit_code, 5) << result.output;
    EXPECT_THAT(result.output, HasSubstr("and is unsupported: no driver can tell"));
}

TEST_F(ExpectationsTest, a_flaky_test_may_pass_or_fail) {
    write(R"("flaky": [{"id": "Lock.LOCK_1_held_lock_says_so", "reason": "it forgets now and then",
                        "link": "LOCK-1"}])");
    const auto failing = judge("forgets locks");
    EXPECT_EQ(failing.exit_code, 0) << failing.output;
    EXPECT_THAT(failing.output, HasSubstr("1 expected failure"));
    const auto passing = judge("none");
    EXPECT_EQ(passing.exit_code, 0) << passing.output;
    EXPECT_THAT(passing.output, Not(HasSubstr("expected failure")));
}

TEST(Expectation, a_flaky_test_may_be_left_undecided) {
    const auto verdict_of = [](Expected outcome) {
        TestContext context({.requirements = Requirements(Requirements::default_folder()),
                             .expectations = {{"Lock.LOCK_1_any", {.outcome = outcome}}}});
        context.begin_test("Lock", "LOCK_1_any");
        context.note(TestVerdict::inconclusive, "too long a search");
        return context.end_test({}, 1).verdict;
    };
    EXPECT_EQ(verdict_of(Expected::either), TestVerdict::expected_failure);
    EXPECT_EQ(verdict_of(Expected::failure), TestVerdict::inconclusive);
    EXPECT_EQ(verdict_of(Expected::success), TestVerdict::inconclusive);
}

TEST(Expectation, the_level_of_what_was_broken_counts) {
    const Requirements requirements(Requirements::default_folder());
    TestContext context({.requirements = requirements});
    const auto verdict_of = [&](const char* broken) {
        context.begin_test("Properties", "PROP_1_any");
        EXPECT_TRUE(context.violations_fail());
        if (broken != nullptr) context.attribute_to(*requirements.find(broken));
        EXPECT_EQ(context.violations_fail(), broken == nullptr);
        context.note(TestVerdict::fail, "a wrong outcome");
        return context.end_test({}, 1).verdict;
    };
    EXPECT_EQ(verdict_of("GEN-7"), TestVerdict::not_as_recommended);
    EXPECT_EQ(verdict_of(nullptr), TestVerdict::fail);
}

TEST_F(ExpectationsTest, what_would_wedge_the_machine_is_not_run) {
    write(R"("wedging": [{"id": "LOCK-1", "reason": "it eats all memory", "link": "LOCK-1"}])");
    const auto result = judge("forgets locks");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("it is not run: it eats all memory"));
}

TEST_F(ExpectationsTest, a_wildcard_needs_its_number_and_keeps_to_it) {
    const auto entry = [](const std::string& members) {
        return R"("flaky": [{)" + members + R"(, "reason": "who knows", "link": "LOCK-1"}])";
    };
    write(entry(R"("id": "Lock.LOCK_1_*", "at_most": 1)"));
    EXPECT_EQ(judge("forgets locks").exit_code, 0);
    write(entry(R"("id": "Lock.LOCK_1_*")"));
    expect_refused("name Lock.LOCK_1_* without an at_most from 1 to 32");
    write(entry(R"("id": "Lock.*", "at_most": 7)"));
    expect_refused("name Lock.*, which stands for 8 tests, more than 7");
    write(entry(R"("id": "*", "at_most": 1000)"));
    expect_refused("without an at_most from 1 to 32");
    write(entry(R"("id": "Lock.LOCK_1_*", "at_most": 4294967297)"));
    expect_refused("have an at_most that is no number");
    write(entry(R"("id": "Lock.*_*l*o*", "at_most": 1)"));
    expect_refused("name Lock.*_*l*o*, which stands for ");
    std::string many = "Lock.";
    for (int i = 0; i < 40; ++i)
        many += "*_";
    write(entry(R"("id": ")" + many + R"(no", "at_most": 1)"));
    expect_refused("which is the name of no test");
    write(entry(R"("id": "Event.*", "at_most": 1)"));
    expect_refused("name Event.*, which is the name of no test");
    write(entry(R"("id": "LOCK-1", "at_most": 1)"));
    expect_refused("have an at_most for LOCK-1, which is no wildcard");
    write(entry(R"("id": "LOCK-1", "at_most": 0)"));
    expect_refused("have an at_most below 1");
}

TEST_F(ExpectationsTest, every_name_exists_and_is_there_once) {
    write(R"("failures": [{"id": "LOCK-99", "reason": "x", "link": "x"}])");
    expect_refused("name LOCK-99, which is neither a requirement nor a test");
    program_.write("requirements/absent.json",
                   R"({"version": 1, "name": "Lock", "requirements": [],
                       "absent": [{"id": "LOCK-77", "reason": "withdrawn"}]})");
    write(R"("failures": [{"id": "LOCK-77", "reason": "x", "link": "x"}])");
    expect_refused("name LOCK-77, which is no requirement any more");
    write(R"("failures": [{"id": "LOCK-1", "reason": "x", "link": "x"}],
             "flaky": [{"id": "Lock.LOCK_1_held_lock_says_so", "reason": "x", "link": "x"}])");
    expect_refused("name the test Lock.LOCK_1_held_lock_says_so twice");
}

TEST_F(ExpectationsTest, a_malformed_file_is_refused) {
    program_.write("list.json", R"({"version": 1, "failures": [)");
    expect_refused("are no JSON");
    program_.write("list.json", "[]");
    expect_refused("are no JSON object");
    program_.write("list.json", R"({"version": 2})");
    expect_refused("have another version than 1");
    program_.write("list.json", R"({"version": 1, "implementation": "", "backend": "threading"})");
    expect_refused("need a text \"implementation\"");
    write(R"("skipped": [])");
    expect_refused("have a member \"skipped\"");
    write(R"("failures": {})");
    expect_refused("have no list \"failures\"");
    write(R"("failures": [{"id": "LOCK-1", "reason": "x"}])");
    expect_refused("need a text \"link\" in the entry of \"LOCK-1\"");
    const std::string deep = std::string(50'000, '[') + std::string(50'000, ']');
    write(R"("failures": [{"id": )" + deep + "}]");
    expect_refused("need a text \"id\"");
    write(R"("failures": [{"id": "LOCK-1", "reason": "x", "link": "x"}], "failures": [])");
    expect_refused("have a member \"failures\" twice");
    write(R"("failures": [{"id": "LOCK-1", "reason": "x", "reason": "y", "link": "x"}])");
    expect_refused("have a member \"reason\" twice");
    write(R"("failures": [1])");
    expect_refused("have an entry that is none");
    write(R"("failures": [])", "fibers");
    expect_refused("name the unknown backend fibers");
}

TEST_F(ExpectationsTest, a_file_of_something_else_is_refused) {
    write(all_of_lock_1);
    expect_refused("are for the backend threading, and this is multiprocessing",
                   "--backend multiprocessing");
    program_.write("list.json",
                   R"({"version": 1, "implementation": "other", "backend": "threading"})");
    const auto result = judge("none");
    EXPECT_EQ(result.exit_code, 5);
    EXPECT_THAT(result.output, HasSubstr("are for other, and the driver hosts fake"));
    EXPECT_EQ(program_.judge("none", "--expectations missing.json").exit_code, 2);
    EXPECT_THAT(program_.judge("none", "--expectations .").output,
                HasSubstr("the expectations . cannot be read"));
}

TEST_F(ExpectationsTest, an_update_says_what_to_remove_and_what_to_add) {
    const std::string stale = R"({"id": "LOCK-4", "reason": "x", "link": "LOCK-4"})";
    program_.write("list.json",
                   "{\n  \"version\": 1,\n  \"implementation\": \"fake\",\n  \"backend\": "
                   "\"threading\",\n  \"failures\": [\n    " +
                       stale + "\n  ],\n  \"flaky\": [],\n  \"wedging\": []\n}\n");
    const std::string filter = "--gtest_filter=*LOCK_1_*:*LOCK_4_* --update-expectations";
    const auto result = judge("forgets locks", filter);
    EXPECT_THAT(result.output,
                HasSubstr("--- list.json\n+++ list.json\n@@ -6,1 +6,1 @@\n-    " + stale +
                          "\n+    {\"id\": \"Lock.LOCK_1_held_lock_says_so\", \"reason\": \""));
    write(all_of_lock_1);
    EXPECT_THAT(judge("forgets locks", "--gtest_filter=*LOCK_4_*").output, HasSubstr("1 pass"));
}

TEST_F(ExpectationsTest, an_update_of_no_file_is_a_whole_one) {
    const auto result =
        program_.judge("forgets locks",
                       "--gtest_filter=*LOCK_1_* --update-expectations --backend multiprocessing");
    EXPECT_THAT(result.output,
                HasSubstr("--- /dev/null\n+++ expectations.json\n@@ -0,0 +1,10 @@\n+{\n"));
    EXPECT_THAT(result.output, HasSubstr("+  \"implementation\": \"fake\""));
}

TEST(ExpectationUpdate, keeps_what_did_fail_of_an_entry) {
    const TestIndex index{.tests_by_requirement = {{"LOCK-1", {"Lock.a", "Lock.b", "Lock.c"}},
                                                   {"LOCK-2", {"Lock.d", "Lock.e"}}},
                          .tests = {"Lock.a", "Lock.b", "Lock.c", "Lock.d", "Lock.e"}};
    const Expectations before{.entries = {{.id = "LOCK-1",
                                           .reason = "why",
                                           .link = "there",
                                           .tests = {"Lock.a", "Lock.b", "Lock.c"}}}};
    const auto record = [](const char* test, const char* requirement, TestVerdict verdict) {
        return TestRecord{
            .test = test, .requirement = requirement, .verdict = verdict, .reason = "seen"};
    };
    const Expectations after = updated(before,
                                       {record("Lock.a", "LOCK-1", TestVerdict::expected_failure),
                                        record("Lock.b", "LOCK-1", TestVerdict::unexpected_pass),
                                        record("Lock.d", "LOCK-2", TestVerdict::fail),
                                        record("Lock.e", "LOCK-2", TestVerdict::fail)},
                                       index);
    ASSERT_EQ(after.entries.size(), 3U);
    EXPECT_EQ(after.entries[0].id, "Lock.a");
    EXPECT_EQ(after.entries[0].reason, "why");
    EXPECT_EQ(after.entries[1].id, "Lock.c");  // which was not run
    EXPECT_EQ(after.entries[2].id, "LOCK-2");
    EXPECT_EQ(after.entries[2].reason, "seen");
}

TEST(ExpectationUpdate, difference_is_one_that_patch_takes) {
    EXPECT_EQ(difference_of("a\nb\n", "a\nb\n", "f"), "");
    EXPECT_EQ(difference_of("a\nb\nc\n", "a\nx\nc\n", "f"),
              "--- f\n+++ f\n@@ -2,1 +2,1 @@\n-b\n+x\n");
    EXPECT_EQ(difference_of("a\nb\nc\n", "a\nc\nd\n", "f"),
              "--- f\n+++ f\n@@ -2,1 +1,0 @@\n-b\n@@ -3,0 +3,1 @@\n+d\n");
    EXPECT_EQ(
        difference_of("a\nb", "a\nc\n", "my file"),
        "--- my file\t\n+++ my file\t\n@@ -2,1 +2,1 @@\n-b\n\\ No newline at end of file\n+c\n");
    EXPECT_EQ(difference_of("a\nb", "a\nb\n", "f"), "");
    EXPECT_EQ(difference_of("", "a\n", "f"), "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
}

}  // namespace
}  // namespace conformance::runner
