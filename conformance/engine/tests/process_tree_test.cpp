// Processes that belong together, and those that do not.

#include "conformance/engine/process_tree.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>

namespace conformance {
namespace {

/// Exits with this status at once, or waits to be killed.
pid_t start(std::optional<int> status) {
    const pid_t process = ::fork();
    if (process == 0) {
        while (!status)
            ::pause();
        ::_exit(*status);
    }
    return process;
}

int status_in_the_end(const ProcessTree& tree) {
    while (!tree.leader_status())
        std::this_thread::yield();
    return *tree.leader_status();
}

// By its number the session is known, and everybody in it is killed: it must not become a stranger's.
TEST(ProcessTree, keeps_the_number_of_its_leader_as_long_as_it_is_there) {
    const pid_t leader = start(3);
    {
        ProcessTree tree(leader, "MARK=1");
        EXPECT_EQ(WEXITSTATUS(status_in_the_end(tree)), 3);
        EXPECT_TRUE(tree.members().empty());
        EXPECT_EQ(tree.await_end(std::chrono::seconds(60)), 0U);
        tree.kill_all();
        tree.kill_all();
        EXPECT_EQ(::kill(leader, 0), 0) << "somebody reaped it";
        EXPECT_EQ(WEXITSTATUS(status_in_the_end(tree)), 3);
    }
    EXPECT_EQ(::kill(leader, 0), -1);
    EXPECT_EQ(errno, ESRCH) << "nobody reaped it";
}

TEST(ProcessTree, kills_its_leader) {
    ProcessTree tree(start(std::nullopt), "MARK=2");
    EXPECT_FALSE(tree.leader_status());
    EXPECT_EQ(tree.members().size(), 1U);
    tree.kill_all();
    EXPECT_TRUE(tree.members().empty());
    const int status = status_in_the_end(tree);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace conformance
