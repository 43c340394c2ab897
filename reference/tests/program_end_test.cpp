// How programs end, seen from outside: child_programs/ending.cpp says what each of them does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <string>

#include "await.hpp"
#include "child_program.hpp"
#include "freethreading/backend.hpp"
#include "freethreading/platform/mode.hpp"

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

/// Runs a scenario to its end, after which nothing must be left of it, not even a zombie.
struct Ended {
    explicit Ended(const std::string& scenario) : program("ending", {scenario}) {
        status = program.wait();
        EXPECT_THAT(program.processes(), IsEmpty());
        output = program.output();
        errors = program.errors();
    }
    ChildProgram program;
    int status = -1;
    std::string output;
    std::string errors;
};

TEST(ProgramEnd, WORKER_20_waits_for_non_daemon_workers) {
    const Ended ended("non_daemons_are_joined");
    EXPECT_EQ(ended.status, 3);
    EXPECT_EQ(ended.output, "main done\nworker done\nworker done\nworker done\n");
    EXPECT_EQ(ended.errors, "");
}

TEST(ProgramEnd, WORKER_20_exit_waits_for_non_daemon_workers) {
    const Ended ended("exit_call_joins");
    EXPECT_EQ(ended.status, 5);
    EXPECT_EQ(ended.output, "worker done\n");
}

TEST(ProgramEnd, WORKER_20_waits_for_workers_of_ended_workers) {
    const Ended ended("grandchild_is_joined");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, "grandchild done\n");
}

TEST(ProgramEnd, WORKER_21_ends_daemons_without_their_cleanup) {
    const Ended ended("daemons_are_ended");
    EXPECT_EQ(ended.status, 4);
    EXPECT_EQ(ended.output, "main done\n");
}

TEST(ProgramEnd, WORKER_21_daemons_in_the_middle_of_things_do_no_harm) {
    for (int i = 0; i < 10; ++i) {
        const Ended ended("busy_daemons");
        ASSERT_EQ(ended.status, 0);
        ASSERT_EQ(ended.errors, "");
    }
}

TEST(ProgramEnd, WORKER_12_exception_in_a_worker_is_reported_and_has_no_other_effect) {
    const Ended ended("exception_in_worker");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(count(ended.errors, "\n"), 2U);
    EXPECT_THAT(ended.errors, HasSubstr("Failing one"));
    EXPECT_THAT(ended.errors, HasSubstr("std::out_of_range: the message"));
    EXPECT_THAT(ended.errors, HasSubstr("Other one"));
    EXPECT_THAT(ended.errors, HasSubstr("42"));
    EXPECT_EQ(ended.output, "");
}

TEST(ProgramEnd, FAULT_23_daemon_that_holds_a_lock_stops_no_timed_waiter) {
    const Ended ended("daemon_holds_lock");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, "in time\n");
}

TEST(ProgramEnd, FAULT_24_queue_that_is_not_drained_keeps_no_program_alive) {
    EXPECT_EQ(Ended("undrained_queue").status, 0);
}

TEST(ProgramEnd, QUEUE_27_program_ends_with_undrained_items) {
    EXPECT_EQ(Ended("undrained_queue").errors, "");
}

TEST(ProgramEnd, keeps_the_status_with_many_workers_and_leaves_no_zombie) {
    EXPECT_EQ(Ended("many_workers_at_once").status, 7);
}

TEST(ProgramEnd, WORKER_20_what_workers_did_happens_before_what_comes_after_their_ends) {
    const Ended ended("deeds_are_seen");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, "8\n");
}

TEST(ProgramEnd, without_any_worker_there_is_nothing_to_end) {
    const Ended ended("no_worker");
    EXPECT_EQ(ended.status, 6);
    EXPECT_EQ(ended.output, std::string(freethreading::get_backend()) + "\n");
}

TEST(ProgramEnd, static_handles_outlive_the_workers) {
    const Ended ended("static_handles");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.errors, "");
    EXPECT_EQ(ended.output, freethreading::platform::mode().worker_processes
                                ? "still usable\nResourceError\n"
                                : "still usable\n");
}

TEST(ProgramEnd, output_appears_once_and_in_the_order_of_each_stream) {
    const Ended ended("output_appears_once");
    EXPECT_EQ(ended.status, 0);
    for (const auto* stream : {"cout", "printf"}) {
        for (const auto* where : {" before", " in worker", " between", " after"}) {
            EXPECT_EQ(count(ended.output, std::string(stream) + where), 1U) << stream << where;
        }
        EXPECT_LT(ended.output.find(std::string(stream) + " before"),
                  ended.output.find(std::string(stream) + " in worker"));
    }
    EXPECT_EQ(count(ended.output, "cout in second"), 1U);
    EXPECT_EQ(count(ended.errors, "clog before"), 1U);
    EXPECT_EQ(count(ended.output, "\n"), 9U);
}

TEST(ProgramEnd, output_of_an_ended_daemon_appears) {
    EXPECT_EQ(Ended("output_of_daemon").output, "not flushed\n");
}

TEST(ProgramEnd, an_exception_that_leaves_main_leaves_no_process_behind) {
    ChildProgram program("ending", {"main_throws"});
    EXPECT_EQ(program.wait(), -SIGABRT);
    eventually([&] { return program.processes().empty(); });
}

TEST(ProgramEnd, killing_the_program_leaves_nothing_behind) {
    ChildProgram program("ending", {"waits_to_be_killed"});
    eventually([&] { return program.output() == "ready\n"; });
    // The program, the fork server and four workers.
    EXPECT_EQ(program.processes().size(),
              freethreading::platform::mode().worker_processes ? 6U : 1U);
    ASSERT_EQ(kill(program.process(), SIGKILL), 0);
    EXPECT_EQ(program.wait(), -SIGKILL);
    eventually([&] { return program.processes().empty(); });
}

TEST(ProgramEnd, killing_a_busy_program_leaves_nothing_behind) {
    for (int i = 0; i < 10; ++i) {
        ChildProgram program("ending", {"spins_until_killed"});
        eventually([&] { return program.output() == "ready\n"; });
        ASSERT_EQ(kill(program.process(), SIGKILL), 0);
        EXPECT_EQ(program.wait(), -SIGKILL);
        eventually([&] { return program.processes().empty(); });
    }
}

TEST(ProgramEnd, killing_the_program_with_its_terminal_leaves_nothing_behind) {
    ChildProgram program("ending", {"waits_to_be_killed"});
    eventually([&] { return program.output() == "ready\n"; });
    ASSERT_EQ(kill(-program.process(), SIGINT), 0);  // as Ctrl-C does: all of its processes
    EXPECT_EQ(program.wait(), -SIGINT);
    eventually([&] { return program.processes().empty(); });
}

}  // namespace
