#include "freethreading/error.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace freethreading {
namespace {

// Ambiguous bases would make these false.
template <class Exception, class Nearest>
constexpr bool is_error_and = std::is_convertible_v<Exception*, Error*> &&
                              std::is_convertible_v<Exception*, std::exception*> &&
                              std::is_convertible_v<Exception*, Nearest*>;
static_assert(!std::is_convertible_v<Error*, std::exception*> && std::is_abstract_v<Error>);
static_assert(is_error_and<ValueError, std::invalid_argument>);
static_assert(is_error_and<RuntimeError, std::runtime_error>);
static_assert(is_error_and<BrokenBarrierError, RuntimeError>);
static_assert(is_error_and<Empty, std::runtime_error> && !std::is_base_of_v<RuntimeError, Empty>);
static_assert(is_error_and<Full, std::runtime_error>);
static_assert(is_error_and<TimeoutError, std::runtime_error>);
static_assert(is_error_and<CancelledError, std::runtime_error>);
static_assert(is_error_and<BrokenWorkerPool, std::runtime_error>);
static_assert(is_error_and<ResourceError, std::runtime_error>);

template <class Exception>
class EveryError : public testing::Test {};
using Errors = testing::Types<ValueError, RuntimeError, BrokenBarrierError, Empty, Full,
                              TimeoutError, CancelledError, BrokenWorkerPool, ResourceError>;
TYPED_TEST_SUITE(EveryError, Errors);

TYPED_TEST(EveryError, is_caught_as_itself_as_Error_and_as_standard_exception) {
    const std::string sentence = "what went wrong";
    EXPECT_THROW(throw TypeParam(sentence), TypeParam);
    try {
        throw TypeParam(sentence);
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), sentence);
    }
    try {
        throw TypeParam("a literal");
    } catch (const std::exception& exception) {
        EXPECT_STREQ(exception.what(), "a literal");
        EXPECT_NE(dynamic_cast<const Error*>(&exception), nullptr);
    }
}

TYPED_TEST(EveryError, copies_hold_the_message) {
    const TypeParam original("first");
    TypeParam copy(original);
    EXPECT_STREQ(copy.message(), "first");
    copy = TypeParam("second");
    EXPECT_STREQ(copy.message(), "second");
    EXPECT_STREQ(original.message(), "first");
}

TEST(Error, what_can_only_mean_one_thing_needs_no_message) {
    EXPECT_STRNE(Empty().what(), "");
    EXPECT_STRNE(Full().what(), "");
    EXPECT_STRNE(TimeoutError().what(), "");
    EXPECT_STRNE(CancelledError().what(), "");
}

}  // namespace
}  // namespace freethreading
