#pragma once
/// \file
/// The creator's side of a pool or executor: its workers, callbacks and the thread that looks after
/// both. Internal.
///
/// The supervisor thread starts with the first worker and ends when no job is left and none can
/// come. It replaces workers of a pool that died, and calls back when a job has finished. Results
/// do not go through it: whoever waits for a job sleeps on the job.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "freethreading/platform/job_board.hpp"
#include "freethreading/platform/thread_annotations.hpp"
#include "freethreading/platform/worker_record.hpp"

namespace freethreading::platform {

/// An input that is read while its results are taken; a pool that is closed still serves it.
class Feed {
  public:
    virtual ~Feed() = default;
    /// Reads what is left, in the calling thread.
    virtual void read_all() = 0;
};

class Crew : public std::enable_shared_from_this<Crew> {
  public:
    /// A pool has daemons, all of them from the start, and replaces the dead; an executor has
    /// workers that are no daemons, starts them when they are needed, and breaks when one dies.
    enum class Kind : bool { pool, executor };

    /// `workers`: how many at most; none: one per CPU. Throws ValueError if not positive,
    /// RuntimeError if the caller is a daemon worker, ResourceError.
    [[nodiscard]] static std::shared_ptr<Crew> make(Kind kind, std::optional<std::int64_t> workers,
                                                    const Call* initializer = nullptr);
    explicit Crew(Kind kind, std::size_t size, const Call* initializer);
    ~Crew();

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const std::shared_ptr<JobBoard>& board() const { return board_; }

    /// Throws what a submission now would: ValueError (pool) or RuntimeError (executor) if closed,
    /// BrokenWorkerPool if an executor is broken.
    void require_open() const;
    /// Throws ValueError if the code of the call cannot be known to the workers, and ResourceError.
    [[nodiscard]] std::shared_ptr<Job> make_job(const Call& call) const;
    /// Queues the jobs. Throws as `require_open` and ResourceError; then none of them is left.
    void post(std::span<const std::shared_ptr<Job>> jobs);
    /// Queues the job, which is ready only after `when_done` was called, if given. Throws likewise.
    void post(const std::shared_ptr<Job>& job, std::function<void()> when_done);
    /// Of a feed, which may go on after `close`.
    void post_fed(Job& job);

    /// Has `action` called once the job has finished; at once if it has.
    void call_when_finished(const std::shared_ptr<Job>& job, std::function<void()> action);
    /// Whether the job is cancelled now. If this call did it, makes the calls for the job before it
    /// returns.
    bool cancel(const std::shared_ptr<Job>& job);

    /// No more submissions.
    void close();
    [[nodiscard]] bool is_closed() const;
    void terminate();
    /// Blocks until all jobs are finished, their calls made and all workers gone. Throws
    /// RuntimeError if made by such a call, ResourceError if the fork server is dead.
    void join();

    void open_feed(std::weak_ptr<Feed> feed);
    void close_feed();

  private:
    void post_open(Job& job);
    void start_worker() FREETHREADING_REQUIRES(mutex_);
    void start_supervisor() FREETHREADING_REQUIRES(mutex_);
    [[nodiscard]] std::size_t working(const JobBoard::Counts& counts) const
        FREETHREADING_REQUIRES(mutex_) {
        return started_ - lost_early_ - counts.left;
    }
    void start_missing_workers(std::size_t wanted) FREETHREADING_REQUIRES(mutex_);
    void tend_workers();
    [[nodiscard]] bool is_anybody_starting() const;
    void kill_workers();
    void supervise(std::promise<bool> attends);
    void make_calls(const Job& job);

    const Kind kind_;
    const std::size_t size_;
    const std::shared_ptr<JobBoard> board_;
    std::uint64_t end_call_ = 0;

    mutable Mutex mutex_;  // before the board's lock
    bool closed_ FREETHREADING_GUARDED_BY(mutex_) = false;
    std::vector<std::shared_ptr<WorkerRecord>> workers_ FREETHREADING_GUARDED_BY(mutex_);
    std::uint64_t started_ FREETHREADING_GUARDED_BY(mutex_) = 0;
    std::uint64_t ended_ FREETHREADING_GUARDED_BY(mutex_) = 0;
    std::uint64_t lost_early_ FREETHREADING_GUARDED_BY(mutex_) =
        0;  // killed before they came to the board
    bool is_supervised_ FREETHREADING_GUARDED_BY(mutex_) = false;  // or was
    std::vector<std::weak_ptr<Feed>> feeds_ FREETHREADING_GUARDED_BY(mutex_);
    std::size_t open_feeds_ FREETHREADING_GUARDED_BY(mutex_) = 0;

    struct Awaited {
        std::shared_ptr<Job> job;
        std::vector<std::function<void()>> calls;
    };
    std::unordered_map<const Job*, Awaited> awaited_ FREETHREADING_GUARDED_BY(mutex_);
};

}  // namespace freethreading::platform
