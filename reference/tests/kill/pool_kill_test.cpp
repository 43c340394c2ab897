// Workers killed at every instruction of their work for a pool: FAULT-14.

#include <memory>
#include <string>
#include <vector>

#include "freethreading/platform/chunk.hpp"
#include "freethreading/platform/job_board.hpp"
#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::Deadline;
using freethreading::Lock;
using freethreading::Worker;
using freethreading::platform::BoardHandle;
using freethreading::platform::ChunkWriter;
using freethreading::platform::Job;
using freethreading::platform::JobBoard;

// The result of one fits into its part, that of another travels in a message; an argument that is carried
// makes the whole input one.
struct ToNumber {
    using Argument = int;
    static Argument argument(int tag) { return tag; }
    static int call(int tag) { return tag; }
    static int tag_of(int result) { return result; }
};
struct ToText {
    using Argument = int;
    static Argument argument(int tag) { return tag; }
    static std::string call(int tag) { return std::string(50, static_cast<char>('0' + tag)); }
    static int tag_of(const std::string& result) {
        EXPECT_EQ(result, call(result.front() - '0'));
        return result.front() - '0';
    }
};
struct OfLock {
    using Argument = std::pair<Lock, int>;
    static Argument argument(int tag) { return {Lock(), tag}; }
    static int call(const Argument& argument) {
        return argument.first.acquire(false) ? argument.second : -1;
    }
    static int tag_of(int result) { return result; }
};

void work_in_region(const BoardHandle& handle) {
    const Region region;
    handle.board().work();
}
void work(const BoardHandle& handle) {
    handle.board().work();
}

template <class Task, int Parts>
freethreading::platform::Call make_call() {
    ChunkWriter<decltype(Task::call), typename Task::Argument> writer(Task::call);
    for (int tag = 1; tag <= Parts; ++tag) {
        if (tag > 1) writer.begin_part();
        writer.add(Task::argument(tag));
    }
    return writer.take();
}

// A board that is closed, with one job of so many parts.
template <class Task, int Parts>
struct WorkRound {
    std::shared_ptr<JobBoard> board = JobBoard::make(false, nullptr);
    std::shared_ptr<Job> job = Job::make(*board, make_call<Task, Parts>());
    Worker victim{work_in_region, BoardHandle(board)};

    WorkRound() {
        EXPECT_TRUE(board->post(*job));
        board->close();
    }
    void wake() const {}
    void go_on() const { in_another_worker(work, BoardHandle(board)); }
    void check(bool completed) const {
        ASSERT_TRUE(board->wait_for(*job, Deadline::after(hang)));
        const auto counts = board->counts();
        EXPECT_EQ(counts.unfinished, 0U);
        EXPECT_EQ(counts.entered, counts.left);
        if (job->status == Job::lost) {
            EXPECT_FALSE(completed);
            EXPECT_LT(job->failed_part, static_cast<std::uint64_t>(Parts));
        } else {
            EXPECT_EQ(job->status, Job::succeeded);
        }
        for (std::uint64_t i = 0; i < Parts; ++i) {
            if (i == job->failed_part) continue;
            using Results = std::vector<decltype(Task::call(Task::argument(0)))>;
            const auto results = freethreading::platform::value_of<Results>(job->parts[i]);
            ASSERT_EQ(results.size(), 1U);
            EXPECT_EQ(Task::tag_of(results[0]), static_cast<int>(i) + 1);
        }
    }
};

TEST(KillEverywhere, FAULT_14_work_for_a_single_task) {
    kill_everywhere<WorkRound<ToNumber, 1>>("the work for a task of one part");
}
TEST(KillEverywhere, FAULT_14_work_for_a_map) {
    kill_everywhere<WorkRound<ToNumber, 3>>("the work for a task of three parts");
}
TEST(KillEverywhere, FAULT_14_work_with_large_results) {
    kill_everywhere<WorkRound<ToText, 2>>("the work for two large results");
}
TEST(KillEverywhere, FAULT_14_work_with_handles) {
    kill_everywhere<WorkRound<OfLock, 2>>("the work for two arguments that carry a handle");
}

// Whoever submits is killed; a job that it posted is done by others.
template <class Task, int Parts>
void post_in_region(const BoardHandle& handle) {
    const auto call = make_call<Task, Parts>();
    std::shared_ptr<Job> job;
    const Region region;
    job = Job::make(handle.board(), call);
    static_cast<void>(handle.board().post(*job));
    Region::leave();
}
template <class Task, int Parts>
struct PostRound {
    std::shared_ptr<JobBoard> board = JobBoard::make(false, nullptr);
    Worker victim{post_in_region<Task, Parts>, BoardHandle(board)};
    void wake() const {}
    void go_on() const {
        board->close();
        in_another_worker(work, BoardHandle(board));
    }
    void check(bool) const { EXPECT_EQ(board->counts().unfinished, 0U); }
};

TEST(KillEverywhere, FAULT_14_submission_of_a_single_task) {
    kill_everywhere<PostRound<ToNumber, 1>>("the submission of a task of one part");
}
TEST(KillEverywhere, FAULT_14_submission_of_a_map) {
    kill_everywhere<PostRound<ToNumber, 9>>("the submission of a task of nine parts");
}
TEST(KillEverywhere, FAULT_14_submission_of_handles) {
    kill_everywhere<PostRound<OfLock, 2>>("the submission of two handles");
}

}  // namespace
}  // namespace kill_tests
