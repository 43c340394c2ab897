// The life of the fork server, and what happens when it or a worker cannot be had:
// child_programs/starting.cpp says what each scenario does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "await.hpp"
#include "child_program.hpp"
#include "freethreading/backend.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/platform/mode.hpp"

namespace freethreading {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Outcome {
    int status;
    std::string output;
};
Outcome run(const std::string& scenario) {
    ChildProgram program("starting", {scenario});
    const int status = program.wait();
    // At once after an ordinary end; workers whose server was killed may be about to die.
    if (scenario.starts_with("server_killed")) {
        eventually([&] { return program.processes().empty(); });
    }
    EXPECT_THAT(program.processes(), IsEmpty());
    EXPECT_EQ(program.errors(), "");
    return {status, program.output()};
}

bool workers_are_processes() {
    return platform::mode().worker_processes;
}
constexpr const char* no_server = "workers are threads: there is no fork server";

TEST(ForkServer, is_started_on_first_use_and_only_once) {
    EXPECT_EQ(run("server_starts_on_first_use").output,
              workers_are_processes() ? "0\n0\n1\n1\n" : "0\n0\n0\n0\n");
    start_fork_server();
    EXPECT_EQ(active_count(), 1U);
}

TEST(ForkServer, GEN_16_workers_see_globals_as_they_were_when_it_started) {
    EXPECT_EQ(run("globals_are_those_of_the_servers_start").output,
              workers_are_processes() ? "1\n" : "2\n");
}

TEST(ForkServer, takes_requests_from_many_threads) {
    EXPECT_EQ(run("threads_before_workers").output, "60\n");
}

TEST(ForkServer, ignores_signals_that_workers_obey) {
    if (!workers_are_processes()) GTEST_SKIP() << no_server;
    const Outcome outcome = run("server_ignores_signals");
    EXPECT_EQ(outcome.output, "not alive\n");
    EXPECT_EQ(outcome.status, 0);
}

TEST(ForkServer, notices_deaths_although_the_program_ignores_them) {
    const Outcome outcome = run("deaths_of_children_ignored");
    EXPECT_EQ(outcome.output, "not alive\n");
    EXPECT_EQ(outcome.status, 0);
}

TEST(ForkServer, starts_while_other_threads_drop_handles) {
    for (int i = 0; i < 5; ++i) {
        const Outcome outcome = run("handles_dropped_while_the_server_starts");
        EXPECT_EQ(outcome.output, "not alive\n");
        EXPECT_EQ(outcome.status, 0);
    }
}

TEST(ForkServer, its_death_is_an_error_of_start_and_join) {
    if (!workers_are_processes()) GTEST_SKIP() << no_server;
    const Outcome outcome = run("server_killed");
    EXPECT_EQ(outcome.output,
              "ResourceError\nResourceError\nResourceError\nResourceError\nnot alive\n1\n6\n");
    EXPECT_EQ(outcome.status, 3);
}

TEST(ForkServer, its_death_before_the_first_worker_is_an_error_of_start) {
    if (!workers_are_processes()) GTEST_SKIP() << no_server;
    for (int i = 0; i < 5; ++i) {
        const Outcome outcome = run("server_killed_at_start");
        EXPECT_EQ(outcome.output, "ResourceError\nnot alive\n");
        EXPECT_EQ(outcome.status, 3);
    }
}

TEST(ForkServer, its_death_among_busy_workers_hangs_nobody) {
    if (!workers_are_processes()) GTEST_SKIP() << no_server;
    for (int i = 0; i < 10; ++i) {
        const Outcome outcome = run("server_killed_among_busy_workers");
        EXPECT_EQ(outcome.output, "ResourceError\nResourceError\n");
        EXPECT_EQ(outcome.status, 3);
    }
}

TEST(ForkServer, no_process_or_thread_to_be_had_is_an_error_that_changes_nothing) {
    const Outcome outcome = run("no_process_to_be_had");
    const auto values_begin = outcome.output.find("\nnot alive\n");
    ASSERT_NE(values_begin, std::string::npos) << outcome.output;
    EXPECT_THAT(outcome.output.substr(0, values_begin), HasSubstr(": ResourceError"));
    EXPECT_EQ(outcome.output.substr(values_begin),
              "\nnot alive\nRuntimeError\n2\nalive\nnone\nalive\n");
    EXPECT_EQ(outcome.status, 0);
}

TEST(ForkServer, no_process_for_itself_is_an_error_that_changes_nothing) {
    const Outcome outcome = run("no_fork_server_to_be_had");
    EXPECT_EQ(outcome.output, workers_are_processes() ? "ResourceError\nResourceError\nnone\n"
                                                      : "none\nResourceError\nnone\n");
    EXPECT_EQ(outcome.status, 0);
}

TEST(ForkServer, target_in_a_library_loaded_later_is_an_error) {
    const Outcome late = run("target_loaded_late");
    if (workers_are_processes()) {
        EXPECT_THAT(late.output, HasSubstr("library"));
        EXPECT_THAT(late.output, HasSubstr(": ValueError\n"));
        EXPECT_EQ(late.status, 2);
    } else {
        EXPECT_EQ(late.output, "none\n");
    }
    EXPECT_EQ(run("target_loaded_early").output, "none\n");
}

}  // namespace
}  // namespace freethreading
