#include "conformance/runner/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace conformance::runner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Verdicts = std::map<std::string, TestVerdict>;

RequirementVerdict verdict_of(const std::string& id, const std::string& backend,
                              const Verdicts& tests, const std::string& variant = {}) {
    RequirementVerdict verdict{.requirement = id, .backend = backend, .variant = variant};
    for (const auto& [test, found] : tests)
        verdict.tests[test] = {.test = test, .requirement = id, .verdict = found};
    return verdict;
}

/// Of one requirement with these tests.
Comparison compare_two(const Verdicts& threading, const Verdicts& multiprocessing) {
    const auto comparisons = compare({verdict_of("LOCK-1", "threading", threading),
                                      verdict_of("LOCK-1", "multiprocessing", multiprocessing)});
    return comparisons.empty() ? Comparison{} : comparisons.front();
}

std::string text_of(const Comparison& comparison) {
    std::ostringstream stream;
    print_comparison(stream, comparison);
    return stream.str();
}

TEST(Compare, nothing_comes_of_nothing) {
    EXPECT_THAT(compare({}), IsEmpty());
}

TEST(Compare, equal_verdicts_agree_whatever_they_are) {
    for (const TestVerdict verdict :
         {TestVerdict::pass, TestVerdict::fail, TestVerdict::expected_failure}) {
        const Comparison comparison = compare_two({{"a", verdict}}, {{"a", verdict}});
        EXPECT_EQ(comparison.agreeing, 1);
        EXPECT_THAT(comparison.differences, IsEmpty());
        EXPECT_EQ(text_of(comparison), "comparison: both backends agree on 1 requirement\n");
    }
}

TEST(Compare, the_worst_of_several_tests_counts) {
    const Comparison comparison =
        compare_two({{"a", TestVerdict::pass}, {"b", TestVerdict::not_as_recommended}},
                    {{"a", TestVerdict::pass}, {"b", TestVerdict::pass}});
    EXPECT_EQ(comparison.agreeing, 0);
    ASSERT_THAT(comparison.differences, SizeIs(1));
    EXPECT_EQ(comparison.differences[0].threading.test, "b");
    EXPECT_EQ(text_of(comparison),
              "comparison: LOCK-1: not as recommended on threading, pass on multiprocessing: b\n"
              "comparison: both backends agree on 0 requirements and differ on 1\n");
}

TEST(Compare, a_test_that_one_backend_cannot_run_is_left_out) {
    for (const TestVerdict silent : {TestVerdict::unsupported, TestVerdict::not_run}) {
        const Comparison rest = compare_two({{"a", TestVerdict::pass}, {"b", TestVerdict::fail}},
                                            {{"a", TestVerdict::pass}, {"b", silent}});
        EXPECT_EQ(rest.agreeing, 1);
        const Comparison nothing = compare_two({{"b", silent}}, {{"b", TestVerdict::fail}});
        EXPECT_EQ(nothing.agreeing, 0);
        EXPECT_EQ(nothing.not_compared, 1);
        EXPECT_EQ(text_of(nothing),
                  "comparison: nothing was judged on both backends; 1 requirement could not be "
                  "compared\n");
    }
    const Comparison apart = compare_two({{"a", TestVerdict::pass}}, {{"b", TestVerdict::fail}});
    EXPECT_EQ(apart.not_compared, 1);
}

TEST(Compare, what_applies_to_one_backend_is_left_out) {
    const auto comparisons =
        compare({verdict_of("LOCK-1", "threading", {{"a", TestVerdict::pass}}),
                 verdict_of("LOCK-1", "multiprocessing", {{"a", TestVerdict::pass}}),
                 verdict_of("LOCK-2", "multiprocessing", {{"b", TestVerdict::fail}}),
                 verdict_of("LOCK-3", "threading", {{"c", TestVerdict::fail}})});
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_EQ(comparisons[0].agreeing, 1);
    EXPECT_EQ(comparisons[0].not_compared, 0);
    EXPECT_THAT(comparisons[0].differences, IsEmpty());
}

TEST(Compare, variants_are_not_mixed) {
    const Verdicts pass = {{"a", TestVerdict::pass}};
    const Verdicts fail = {{"a", TestVerdict::fail}};
    const auto comparisons = compare({verdict_of("LOCK-1", "multiprocessing", fail, "tsan"),
                                      verdict_of("LOCK-1", "threading", fail, "tsan"),
                                      verdict_of("LOCK-1", "multiprocessing", pass, "plain"),
                                      verdict_of("LOCK-1", "threading", pass, "plain"),
                                      verdict_of("LOCK-1", "multiprocessing", fail, "arena")});
    std::vector<std::string> texts;
    for (const Comparison& comparison : comparisons)
        texts.push_back(text_of(comparison));
    EXPECT_THAT(texts,
                ElementsAre("comparison (arena): only multiprocessing was run; the other backend "
                            "was not run: merge its report with --merge\n",
                            "comparison (plain): both backends agree on 1 requirement\n",
                            "comparison (tsan): both backends agree on 1 requirement\n"));
}

TEST(Compare, not_run_is_worse_than_unsupported_and_better_than_inconclusive) {
    constexpr TestVerdict order[] = {TestVerdict::pass,
                                     TestVerdict::other_than_permitted,
                                     TestVerdict::not_as_recommended,
                                     TestVerdict::expected_failure,
                                     TestVerdict::unsupported,
                                     TestVerdict::not_run,
                                     TestVerdict::inconclusive,
                                     TestVerdict::unexpected_pass,
                                     TestVerdict::fail,
                                     TestVerdict::driver_error,
                                     TestVerdict::suite_error};
    static_assert(std::size(order) == number_of_verdicts);
    for (std::size_t i = 0; i < std::size(order); ++i) {
        for (std::size_t j = 0; j < std::size(order); ++j)
            EXPECT_EQ(is_worse(order[i], order[j]), i > j) << i << ' ' << j;
    }
}

}  // namespace
}  // namespace conformance::runner
