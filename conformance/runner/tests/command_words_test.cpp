#include "conformance/runner/command_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/exit_code.hpp"

namespace conformance::runner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommandWords, are_those_of_a_shell) {
    EXPECT_THAT(command_words(""), IsEmpty());
    EXPECT_THAT(command_words("  a  b "), ElementsAre("a", "b"));
    EXPECT_THAT(command_words("'a b' \"c d\" e\\ f"), ElementsAre("a b", "c d", "e f"));
    EXPECT_THAT(command_words("a'b'\"c\""), ElementsAre("abc"));
    EXPECT_THAT(command_words("'' x"), ElementsAre("", "x"));
    EXPECT_THAT(command_words(R"("say \"it\"" 'a\b')"), ElementsAre("say \"it\"", "a\\b"));
}

TEST(CommandWords, a_quote_has_an_end) {
    EXPECT_THROW(static_cast<void>(command_words("'a")), UsageError);
    EXPECT_THROW(static_cast<void>(command_words("a \"b")), UsageError);
}

TEST(ExitCode, the_gravest_counts) {
    constexpr ExitCode order[] = {ExitCode::conforms, ExitCode::inconclusive,
                                  ExitCode::does_not_conform, ExitCode::driver_fault,
                                  ExitCode::suite_error};
    for (std::size_t i = 0; i < std::size(order); ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            EXPECT_EQ(graver(order[i], order[j]), order[i]);
            EXPECT_EQ(graver(order[j], order[i]), order[i]);
        }
    }
}

}  // namespace
}  // namespace conformance::runner
