#pragma once
/// \file
/// What a pool and its workers share: the tasks in order, and what became of them. Internal.
///
/// A task is a Job on a JobBoard. The creator posts jobs; every worker takes the next part of the first
/// one that is queued, runs it outside of any lock, and records the result; the creator sleeps on the
/// job itself. Each of these steps is one transaction, so a worker that is killed leaves its part either
/// running, and then its will marks it as lost, or done.

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "freethreading/platform/bell.hpp"
#include "freethreading/platform/job.hpp"
#include "freethreading/platform/message.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading::platform {

class JobBoard : public Object {
  public:
    explicit JobBoard(bool breaks) : breaks_(breaks) {}
    /// With `breaks`, the death of a worker is the end of all jobs.
    [[nodiscard]] static std::shared_ptr<JobBoard> make(bool breaks, const Call* initializer);
    [[nodiscard]] static std::shared_ptr<JobBoard> from(std::shared_ptr<Object> object);

    // For the creator.

    /// Queues a job, or finishes it at once if the board is broken. False, and nothing happens, if
    /// the board is closed.
    [[nodiscard]] bool post(Job& job);
    /// Takes a job back of which no part has been taken; whether it is cancelled now.
    bool cancel(Job& job);
    /// All of those, if no job has several parts.
    void cancel_all();
    /// From now on nothing is posted, and workers leave when nothing is queued.
    void close();
    /// Finishes every job with `reason`, those to come too; a job that runs may run to its end, for
    /// nothing. Returns false if the board was broken before.
    bool break_off(Job::Status reason);

    /// Blocks until the job is ready, or `deadline`; whether it is.
    [[nodiscard]] bool wait_for(Job& job, Deadline deadline);
    /// Blocks until one of the jobs is ready, or `deadline`. Returns the one that finished first,
    /// or null.
    [[nodiscard]] std::shared_ptr<Job> wait_for_any(std::span<const std::shared_ptr<Job>> jobs,
                                                    Deadline deadline);
    [[nodiscard]] Job::Status status_of(Job& job);

    // For the creator's supervisor thread.

    /// Asks for the supervisor to be told of the job; false if it has finished already.
    [[nodiscard]] bool announce(Job& job);
    void release_hold(Job& job);
    /// From `expect_supervisor` to `dismiss` there is one; from `attend` on the board is broken should
    /// its process die.
    void expect_supervisor();
    void attend();
    void dismiss(bool attended);
    void wait_for_dismissal();
    struct News {
        Job* finished = nullptr;  // an announced job, if any
        bool over = false;        // nothing runs any more, and nothing will
    };
    /// Blocks until there is news, a worker came or went, or `deadline`.
    [[nodiscard]] News wait_for_news(Deadline deadline);
    struct Counts {
        std::uint64_t unfinished;  // parts
        std::uint64_t entered;     // workers so far
        std::uint64_t left;        // of those, alive or dead
        Job::Status fate;          // why it is broken, or `queued`
        bool closed;
    };
    [[nodiscard]] Counts counts();
    /// Has the supervisor look at the workers.
    void stir();

    /// What a worker does from its start to its end.
    void work();

  private:
    static void destroy(Object* object);
    static void worker_died(Context& dead, void* board);
    static void initializing_died(Context& dead, void* board);
    static void running_died(Context& dead, void* part);
    static void creator_died(Context& dead, void* board);

    template <class Condition>
    [[nodiscard]] bool wait_until(Condition condition, Bell& bell, Deadline deadline);
    [[nodiscard]] bool initialize();
    [[nodiscard]] Part* take_part(Transaction& transaction);
    [[nodiscard]] Part* claim();
    [[nodiscard]] Part* run(Part& part);
    [[nodiscard]] Part* finish(Part& part, Job::Status outcome, const PortableOutput& output,
                               Message* result, bool is_mine);
    void enter();
    void leave(bool alive);
    void stir(Transaction& transaction);
    [[nodiscard]] bool is_over() const;
    void conclude(Transaction& transaction, Job& job, Job::Status status);
    [[nodiscard]] bool take_back(Transaction& transaction, Job& job, Job::Status status);
    struct List {
        Job* first = nullptr;
        Job* last = nullptr;
    };
    static void append(Transaction& transaction, List& list, Job& job);
    static void remove(Transaction& transaction, List& list, Job& job);

    InternalLock lock_;
    Bell work_;      // idle workers sleep on it
    Bell news_;      // the supervisor sleeps on it
    Bell finished_;  // whoever waits for any of several jobs, or for the supervisor's end
    bool breaks_;
    Invoker initializer_ = nullptr;
    Message* initializer_call_ = nullptr;
    List queued_;
    List running_;
    Job* first_announced_ = nullptr;
    Job* last_announced_ = nullptr;
    Job::Status fate_ = Job::queued;  // why it is broken, or `queued`
    std::uint64_t closed_ = 0;
    std::uint64_t supervised_ = 0;
    std::uint64_t stirred_ = 0;  // a worker came or went
    std::uint64_t unfinished_ = 0;
    std::uint64_t concluded_ = 0;
    std::uint64_t entered_ = 0;
    std::uint64_t left_ = 0;
};

/// How a board travels to its workers.
class BoardHandle {
  public:
    explicit BoardHandle(std::shared_ptr<JobBoard> board) : board_(std::move(board)) {}
    explicit BoardHandle(PortableInput& input) : board_(JobBoard::from(input.reference())) {}
    void save(PortableOutput& output) const { output.reference(board_); }
    [[nodiscard]] JobBoard& board() const { return *board_; }

  private:
    std::shared_ptr<JobBoard> board_;
};

}  // namespace freethreading::platform
