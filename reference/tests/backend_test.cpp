#include "freethreading/backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <string>

#include "child_program.hpp"
#include "freethreading/error.hpp"

namespace freethreading {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Environment = std::map<std::string, std::string>;

struct Outcome {
    int status;
    std::string output;
};
Outcome run(const std::string& scenario, const Environment& environment = {}) {
    ChildProgram program("starting", {scenario}, environment);
    const int status = program.wait();
    EXPECT_EQ(program.errors(), "");
    return {status, program.output()};
}

std::string chosen_backend() {
    const char* const name = std::getenv("FREETHREADING_BACKEND");
    return name != nullptr ? name : "threading";
}

TEST(GetBackend, UTIL_1_is_one_of_two_names) {
    EXPECT_EQ(get_backend(), chosen_backend());
}

TEST(GetBackend, UTIL_1_is_threading_by_default) {
    const Outcome outcome = run("use_get_backend", {{"FREETHREADING_BACKEND", ""}});
    EXPECT_EQ(outcome.output, "threading\nnone\n");
    EXPECT_EQ(outcome.status, 0);
}

TEST(GetBackend, GEN_2_stays_the_same_for_the_whole_run) {
    const std::string line = chosen_backend() + "\n";
    EXPECT_EQ(run("backend_is_constant").output, line + line + line);
}

TEST(GetBackend, unknown_name_is_an_error_at_the_first_use_whatever_that_is) {
    for (const auto* use :
         {"use_get_backend", "use_lock", "use_queue", "use_worker", "use_fork_server"}) {
        for (const auto* name : {"nonsense", "Threading", "processes", " "}) {
            const Outcome outcome = run(use, {{"FREETHREADING_BACKEND", name}});
            EXPECT_EQ(outcome.status, 2) << use;
            EXPECT_THAT(outcome.output,
                        AllOf(HasSubstr("ValueError"), HasSubstr("FREETHREADING_BACKEND"),
                              HasSubstr("'" + std::string(name) + "'"), HasSubstr("threading"),
                              HasSubstr("multiprocessing")));
        }
    }
}

TEST(GetBackend, unknown_kind_of_workers_is_an_error) {
    const Outcome outcome = run("use_lock", {{"FREETHREADING_WORKERS", "fibers"}});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, AllOf(HasSubstr("ValueError"), HasSubstr("FREETHREADING_WORKERS")));
}

TEST(SetBackend, overrides_the_environment_before_the_first_use) {
    for (const auto* environment : {"threading", "multiprocessing", "nonsense"}) {
        const Environment variables{{"FREETHREADING_BACKEND", environment}};
        EXPECT_EQ(run("set_threading", variables).output, "threading\nRuntimeError\nthreading\n");
        EXPECT_EQ(run("set_multiprocessing", variables).output,
                  "multiprocessing\nRuntimeError\nmultiprocessing\n");
    }
}

TEST(SetBackend, after_the_first_use_is_an_error) {
    const Outcome outcome = run("set_backend_late");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, HasSubstr("RuntimeError"));
    EXPECT_THROW(set_backend(Backend::threading), RuntimeError);
    EXPECT_THROW(set_backend(Backend::multiprocessing), RuntimeError);
    EXPECT_EQ(get_backend(), chosen_backend());
}

TEST(Patience, none_for_looks_in_a_program_that_has_one_core) {
    cpu_set_t cores;
    ASSERT_EQ(sched_getaffinity(0, sizeof cores, &cores), 0);
    const bool has_others = CPU_COUNT(&cores) > 1;
    EXPECT_EQ(run("on_this_core").output, has_others ? "20\n" : "0\n");
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(run("on_this_core").output, "0\n");
    ASSERT_EQ(sched_setaffinity(0, sizeof cores, &cores), 0);
}

}  // namespace
}  // namespace freethreading
