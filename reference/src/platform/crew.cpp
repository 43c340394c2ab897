#include "freethreading/platform/crew.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <system_error>
#include <thread>

#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/platform/worker_state.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading::platform {
namespace {

constexpr std::chrono::milliseconds look_at_beginners{20};

thread_local const Crew* supervised_here = nullptr;

void work_at_board(const BoardHandle& handle) {
    handle.board().work();
}

std::size_t checked_size(std::optional<std::int64_t> workers) {
    if (!workers) return std::max(1U, std::thread::hardware_concurrency());
    if (*workers <= 0)
        throw ValueError("a pool needs at least one worker, not " + std::to_string(*workers));
    if (static_cast<std::uint64_t>(*workers) > context_capacity)
        throw ResourceError("a pool can have at most " + std::to_string(context_capacity) +
                            " workers, not " + std::to_string(*workers));
    return static_cast<std::size_t>(*workers);
}

void call_and_report(const std::function<void()>& action) {
    try {
        action();
    } catch (...) {
        const std::string text =
            "Exception in a callback of a pool: " + describe_exception(std::current_exception()) +
            "\n";
        std::fwrite(text.data(), 1, text.size(), stderr);
    }
}

}  // namespace

Crew::Crew(Kind kind, std::size_t size, const Call* initializer)
    : kind_(kind), size_(size), board_(JobBoard::make(kind == Kind::executor, initializer)) {}

std::shared_ptr<Crew> Crew::make(Kind kind, std::optional<std::int64_t> workers,
                                 const Call* initializer) {
    const std::size_t size = checked_size(workers);
    if (current_worker().daemon())
        throw RuntimeError("a daemon worker must not start a pool or executor");
    if (initializer != nullptr) require_known_code(initializer->target);
    auto crew = std::make_shared<Crew>(kind, size, initializer);
    crew->end_call_ = call_at_end([weak = std::weak_ptr(crew)] {
        const auto still = weak.lock();
        if (!still) return;
        try {
            if (still->kind_ == Kind::pool) return still->terminate();
            still->close();
            still->join();
        } catch (const Error&) {  // the fork server is dead, and the workers with it
        }
    });
    if (kind == Kind::executor) return crew;
    try {
        const MutexGuard guard(crew->mutex_);
        for (std::size_t i = 0; i < size; ++i)
            crew->start_worker();
    } catch (...) {
        crew->terminate();
        throw;
    }
    return crew;
}

Crew::~Crew() {
    cancel_call_at_end(end_call_);
}

void Crew::start_worker() {
    // Not a Worker: only the Worker's creator may wait for it, but any thread may use a pool.
    const auto worker = std::make_shared<WorkerState>(
        WorkerOptions{.name = {}, .daemon = kind_ == Kind::pool}, target_address(work_at_board),
        [board = BoardHandle(board_)](PortableOutput& call) {
            return encode_call(call, work_at_board, board);
        });
    if (!is_supervised_) start_supervisor();
    worker->start();
    workers_.push_back(worker->record());
    ++started_;
    // Until the worker has come to the board nobody but the supervisor would notice its death.
    board_->stir();
}

// It attends before any worker is started: else nobody would tell a worker of its creator's death.
void Crew::start_supervisor() {
    board_->expect_supervisor();
    std::promise<bool> attends;
    auto answer = attends.get_future();
    try {
        std::thread([self = shared_from_this(), attends = std::move(attends)]() mutable {
            self->supervise(std::move(attends));
        }).detach();
        is_supervised_ = answer.get();
    } catch (const std::system_error&) {
    }
    if (is_supervised_) return;
    board_->dismiss(false);
    throw ResourceError("no thread is to be had for the pool: let some workers end first");
}

// Throws only if there would be no worker at all.
void Crew::start_missing_workers(std::size_t wanted) {
    for (;;) {
        const std::size_t present = working(board_->counts());
        if (present >= std::min(size_, wanted)) return;
        try {
            start_worker();
        } catch (const ResourceError&) {
            if (present == 0) throw;
            return;
        }
    }
}

void Crew::require_open() const {
    const auto counts = board_->counts();
    if (kind_ == Kind::executor && counts.fate != Job::queued)
        std::rethrow_exception(failure_of(counts.fate));
    if (!is_closed()) return;
    if (kind_ == Kind::executor)
        throw RuntimeError("the executor has been shut down: it takes no more tasks");
    throw ValueError("the pool has been closed or terminated: it takes no more tasks");
}

std::shared_ptr<Job> Crew::make_job(const Call& call) const {
    require_known_code(call.target);
    return Job::make(*board_, call);
}

void Crew::post_open(Job& job) {
    require_open();
    if (kind_ == Kind::executor) {
        const MutexGuard guard(mutex_);
        start_missing_workers(board_->counts().unfinished + 1);
    }
    post_fed(job);
}

void Crew::post(std::span<const std::shared_ptr<Job>> jobs) {
    std::size_t posted = 0;
    try {
        for (; posted < jobs.size(); ++posted)
            post_open(*jobs[posted]);
    } catch (...) {
        for (const auto& job : jobs.first(posted))
            static_cast<void>(board_->cancel(*job));
        throw;
    }
}

void Crew::post(const std::shared_ptr<Job>& job, std::function<void()> when_done) {
    if (!when_done) return post_open(*job);
    job->held = 1;
    job->announced = 1;
    {
        const MutexGuard guard(mutex_);
        awaited_.emplace(job.get(),
                         Awaited{job, {[this, &job = *job, action = std::move(when_done)] {
                                     call_and_report(action);
                                     board_->release_hold(job);
                                 }}});
    }
    try {
        post_open(*job);
    } catch (...) {
        const MutexGuard guard(mutex_);
        awaited_.erase(job.get());
        throw;
    }
}

void Crew::post_fed(Job& job) {
    if (board_->post(job)) return;
    require_open();
    throw ValueError("the pool was closed while a task was submitted");
}

void Crew::call_when_finished(const std::shared_ptr<Job>& job, std::function<void()> action) {
    {
        const MutexGuard guard(mutex_);
        if (board_->announce(*job)) {
            auto& awaited = awaited_[job.get()];
            awaited.job = job;
            awaited.calls.push_back(std::move(action));
            return;
        }
    }
    call_and_report(action);
}

bool Crew::cancel(const std::shared_ptr<Job>& job) {
    if (!board_->cancel(*job)) return false;
    make_calls(*job);
    return true;
}

void Crew::make_calls(const Job& job) {
    Awaited awaited;
    {
        const MutexGuard guard(mutex_);
        const auto found = awaited_.find(&job);
        if (found == awaited_.end()) return;
        awaited = std::move(found->second);
        awaited_.erase(found);
    }
    for (const auto& action : awaited.calls)
        call_and_report(action);
}

void Crew::close() {
    {
        const MutexGuard guard(mutex_);
        closed_ = true;
        if (open_feeds_ > 0) return;
    }
    board_->close();
}

bool Crew::is_closed() const {
    const MutexGuard guard(mutex_);
    return closed_;
}

void Crew::terminate() {
    {
        const MutexGuard guard(mutex_);
        closed_ = true;
    }
    static_cast<void>(board_->break_off(Job::terminated));
    board_->close();  // else the supervisor would wait for submissions that fail at once
}

void Crew::open_feed(std::weak_ptr<Feed> feed) {
    const MutexGuard guard(mutex_);
    std::erase_if(feeds_, [](const auto& other) { return other.expired(); });
    feeds_.push_back(std::move(feed));
    ++open_feeds_;
}

void Crew::close_feed() {
    {
        const MutexGuard guard(mutex_);
        if (--open_feeds_ > 0 || !closed_) return;
    }
    board_->close();
}

void Crew::join() {
    if (supervised_here == this)
        throw RuntimeError("a callback cannot wait for the end of its own pool");
    std::vector<std::weak_ptr<Feed>> feeds;
    {
        const MutexGuard guard(mutex_);
        feeds = feeds_;  // not swapped: should reading them throw, the next call has them still
    }
    for (const auto& feed : feeds) {
        if (const auto open = feed.lock()) open->read_all();
    }
    board_->wait_for_dismissal();
    std::vector<std::shared_ptr<WorkerRecord>> workers;
    {
        const MutexGuard guard(mutex_);
        workers = workers_;
    }
    for (const auto& worker : workers)
        static_cast<void>(worker->wait_for_end(Deadline::never()));
}

// A worker counts as working from its start until it has left the board, or its will has said so.
// One that was killed before it came to the board left no will: more workers have ended than have
// left.
void Crew::tend_workers() {
    require_fork_server();
    const MutexGuard guard(mutex_);
    ended_ += std::erase_if(workers_, [](const auto& worker) { return worker->has_ended(); });
    const auto counts = board_->counts();
    if (ended_ > counts.left + lost_early_) {
        lost_early_ = ended_ - counts.left;
        if (kind_ == Kind::executor) static_cast<void>(board_->break_off(Job::lost));
    }
    if (kind_ == Kind::executor || counts.fate != Job::queued) return;
    try {
        start_missing_workers(counts.closed ? counts.unfinished : size_);
    } catch (const std::exception&) {
        static_cast<void>(board_->break_off(Job::lost));
    }
}

bool Crew::is_anybody_starting() const {
    const MutexGuard guard(mutex_);
    return started_ - lost_early_ > board_->counts().entered;
}

// Else whoever waits for a broken executor would wait for tasks that nobody wants any more.
void Crew::kill_workers() {
    if (!mode().worker_processes) return;
    const MutexGuard guard(mutex_);
    for (const auto& worker : workers_)
        kill_worker_process(*worker);
}

void Crew::supervise(std::promise<bool> attends) {
    supervised_here = this;
    try {
        board_->attend();
        attends.set_value(true);
    } catch (const std::exception&) {  // no identity is left for one more thread
        return attends.set_value(false);
    }
    try {
        for (;;) {
            const auto news = board_->wait_for_news(
                is_anybody_starting() ? Deadline::after(look_at_beginners) : Deadline::never());
            if (news.finished != nullptr) {
                make_calls(*news.finished);
            } else if (news.over) {
                break;
            } else {
                tend_workers();
            }
        }
        if (board_->counts().fate == Job::lost) kill_workers();
        board_->dismiss(true);
    } catch (const Error&) {  // the fork server is dead, and whoever waits here learns it as we do
    }
}

}  // namespace freethreading::platform
