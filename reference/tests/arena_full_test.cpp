// No memory left for shared state: child_programs/starting.cpp says what each scenario does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "child_program.hpp"
#include "freethreading/platform/mode.hpp"

namespace freethreading {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Outcome {
    int status;
    std::string output;
};
Outcome run(const std::string& scenario, const std::string& arena_size) {
    ChildProgram program("starting", {scenario}, {{"FREETHREADING_ARENA_SIZE", arena_size}});
    const int status = program.wait();
    EXPECT_EQ(program.errors(), "");
    return {status, program.output()};
}

constexpr const char* no_arena = "state lives on the heap";

TEST(ArenaFull, put_and_constructors_and_start_raise_and_everything_goes_on) {
    if (!platform::mode().shared_state) GTEST_SKIP() << no_arena;
    for (const auto* size : {"1M", "1024K", "1048576", "300000"}) {
        const Outcome outcome = run("arena_full", size);
        EXPECT_EQ(outcome.output,
                  "ResourceError\nResourceError\nempty\n"
                  "ResourceError\nas many as were put\n"
                  "ResourceError\nResourceError\nResourceError\nResourceError\n"
                  "ResourceError\nas much room\nfrom a worker\n");
        EXPECT_EQ(outcome.status, 0);
    }
}

TEST(ArenaFull, is_an_error_in_workers_too) {
    if (!platform::mode().shared_state) GTEST_SKIP() << no_arena;
    EXPECT_EQ(run("arena_full_in_workers", "1M").output,
              "ResourceError\nResourceError\nResourceError\nResourceError\nResourceError\n");
}

TEST(ArenaFull, what_arrives_and_finds_no_room_for_its_handles_is_gone_and_leaves_nothing) {
    if (!platform::mode().shared_state) GTEST_SKIP() << no_arena;
    EXPECT_EQ(run("no_room_for_handles", "1M").output,
              "ResourceError\nResourceError\nconsumed\nnothing left\n200\n");
}

TEST(ArenaFull, arena_larger_than_the_address_space_is_an_error) {
    if (!platform::mode().shared_state) GTEST_SKIP() << no_arena;
    const Outcome outcome = run("use_lock", "200000G");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr("ResourceError"), HasSubstr("FREETHREADING_ARENA_SIZE")));
}

TEST(ArenaFull, size_that_is_none_is_an_error) {
    if (!platform::mode().shared_state) GTEST_SKIP() << no_arena;
    for (const auto* size :
         {"much", "-1", "0", "65535", "1T", "1 M", "1.5G", "M", "+1M", "0x100000",
          "99999999999999999999", "18446744073709551615", "999999999G"}) {
        const Outcome outcome = run("use_lock", size);
        EXPECT_EQ(outcome.status, 2) << size;
        EXPECT_THAT(outcome.output, AllOf(HasSubstr("ValueError"),
                                          HasSubstr("FREETHREADING_ARENA_SIZE"), HasSubstr(size)));
    }
    EXPECT_EQ(run("use_lock", "65536").output, "none\n");
    EXPECT_EQ(run("use_lock", "70001").output, "none\n");
}

}  // namespace
}  // namespace freethreading
