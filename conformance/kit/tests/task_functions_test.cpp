#include "conformance/kit/task_functions.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <thread>

namespace conformance::kit {
namespace {

std::optional<ErrorKind> error_of(TaskFunction function, const List& arguments) {
    try {
        static_cast<void>(call_task_function(function, arguments));
    } catch (const TaskError& error) {
        return error.kind;
    }
    return std::nullopt;
}

TEST(TaskFunctions, do_what_their_names_say) {
    EXPECT_EQ(call_task_function(TaskFunction::square, {-7}), Value(49));
    EXPECT_EQ(call_task_function(TaskFunction::add, {2, 3}), Value(5));
    EXPECT_EQ(call_task_function(TaskFunction::multiply, {2, -3}), Value(-6));
    EXPECT_EQ(call_task_function(TaskFunction::is_prime, {97}), Value(true));
    EXPECT_EQ(call_task_function(TaskFunction::is_prime, {1}), Value(false));
    const Value list = List{1, "x"};
    EXPECT_EQ(call_task_function(TaskFunction::echo, List(1, list)), list);
    EXPECT_EQ(call_task_function(TaskFunction::nothing, {}), Value());
    EXPECT_EQ(call_task_function(TaskFunction::print, {"a line"}), Value());
    EXPECT_EQ(error_of(TaskFunction::print, {7}), ErrorKind::TypeError);
    EXPECT_EQ(call_task_function(TaskFunction::concat, {"a", "", "b"}), Value("ab"));
}

TEST(TaskFunctions, wrap_around) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(call_task_function(TaskFunction::add, {largest, 1}),
              Value(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(call_task_function(TaskFunction::square, {largest}), Value(1));
    EXPECT_EQ(call_task_function(TaskFunction::is_prime, {largest}), Value(false));
}

TEST(TaskFunctions, remember_the_mark_of_their_worker) {
    const auto marks_of_new_worker = [](int number) {
        List marks;
        std::thread([&] {
            marks.push_back(call_task_function(TaskFunction::get_mark, {}));
            marks.push_back(call_task_function(TaskFunction::set_mark, {number}));
            marks.push_back(call_task_function(TaskFunction::get_mark, {}));
        }).join();
        return marks;
    };
    EXPECT_EQ(marks_of_new_worker(7), (List{Value(), Value(), 7}));
    EXPECT_EQ(marks_of_new_worker(8), (List{Value(), Value(), 8}));
}

TEST(TaskFunctions, fail_as_they_are_told) {
    EXPECT_EQ(error_of(TaskFunction::fail, {"Full"}), ErrorKind::Full);
    EXPECT_EQ(error_of(TaskFunction::fail, {"Sunburn"}), ErrorKind::Other);
}

TEST(TaskFunctions, kill_their_process_some_time_later) {
    const auto returns_and_dies = [] {
        const Value result = call_task_function(TaskFunction::die_after, {1'000'000});
        if (result != Value()) _exit(1);
        for (;;)
            pause();
    };
    EXPECT_EXIT(returns_and_dies(), testing::KilledBySignal(SIGKILL), "");
    EXPECT_EQ(error_of(TaskFunction::die_after, {-1}), ErrorKind::ValueError);
}

TEST(TaskFunctions, take_no_arguments_that_do_not_fit) {
    EXPECT_EQ(error_of(TaskFunction::square, {}), ErrorKind::TypeError);
    EXPECT_EQ(error_of(TaskFunction::square, {"2"}), ErrorKind::TypeError);
    EXPECT_EQ(error_of(TaskFunction::add, {1, 2, 3}), ErrorKind::TypeError);
    EXPECT_EQ(error_of(TaskFunction::nothing, {1}), ErrorKind::TypeError);
    EXPECT_EQ(error_of(TaskFunction::concat, {1}), ErrorKind::TypeError);
}

}  // namespace
}  // namespace conformance::kit
