// Longer than other files: creator, supervisor and worker change the same few fields, and whoever reads
// one side has to see the others.

#include "freethreading/platform/job_board.hpp"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <optional>
#include <string>

#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/platform/worker_record.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading::platform {
namespace {

constexpr int everybody = INT_MAX;

}  // namespace

std::shared_ptr<JobBoard> JobBoard::make(bool breaks, const Call* initializer) {
    auto board = make_object_with<JobBoard>(destroy, breaks);
    if (initializer != nullptr) {
        board->initializer_ = initializer->invoker;
        put_message(initializer->bytes, board->initializer_call_);
    }
    return board;
}

std::shared_ptr<JobBoard> JobBoard::from(std::shared_ptr<Object> object) {
    return object_cast<JobBoard>(std::move(object), destroy);
}

void JobBoard::destroy(Object* object) {
    auto* const board = static_cast<JobBoard*>(object);
    // Nobody is left, but after an unclean end there may be jobs.
    static_cast<void>(board->break_off(Job::terminated));
    while (board->first_announced_ != nullptr)
        static_cast<void>(board->wait_for_news({}));
    release_message_of(board->initializer_call_);
    release_plain(board);
}

void JobBoard::append(Transaction& transaction, List& list, Job& job) {
    transaction.write(job.previous, list.last);
    transaction.write(job.next, nullptr);
    transaction.write(list.last != nullptr ? list.last->next : list.first, &job);
    transaction.write(list.last, &job);
}

void JobBoard::remove(Transaction& transaction, List& list, Job& job) {
    transaction.write(job.previous != nullptr ? job.previous->next : list.first, job.next);
    transaction.write(job.next != nullptr ? job.next->previous : list.last, job.previous);
}

bool JobBoard::post(Job& job) {
    Transaction transaction;
    transaction.lock(lock_);
    // A job that is to be announced needs the supervisor, who may be gone.
    if (closed_ != 0 && (fate_ == Job::queued || job.announced != 0)) return false;
    transaction.write(unfinished_, unfinished_ + job.part_count);
    if (fate_ != Job::queued) {
        conclude(transaction, job, fate_);
    } else {
        append(transaction, queued_, job);
        count_reference(transaction, &job);
        work_.ring(transaction, job.part_count == 1 ? 1 : everybody);
    }
    transaction.commit();
    return true;
}

// Wakes on three words, of the four that a transaction may.
void JobBoard::conclude(Transaction& transaction, Job& job, Job::Status status) {
    transaction.write(job.status, status);
    transaction.write(concluded_, concluded_ + 1);
    transaction.write(job.place, concluded_);
    transaction.write(unfinished_, unfinished_ - job.unfinished_parts());
    job.changed.ring(transaction, everybody);
    finished_.ring(transaction, everybody);
    if (job.announced != 0) {
        transaction.write(job.next_announced, nullptr);
        transaction.write(
            last_announced_ != nullptr ? last_announced_->next_announced : first_announced_, &job);
        transaction.write(last_announced_, &job);
        count_reference(transaction, &job);
    }
    if (job.announced != 0 || is_over()) news_.ring(transaction, everybody);
}

bool JobBoard::take_back(Transaction& transaction, Job& job, Job::Status status) {
    remove(transaction, queued_, job);
    conclude(transaction, job, status);
    return release_reference(transaction, &job);
}

bool JobBoard::cancel(Job& job) {
    Transaction transaction;
    transaction.lock(lock_);
    if (job.status != Job::queued) return job.status == Job::cancelled;
    transaction.write(job.announced, 0);
    static_cast<void>(take_back(transaction, job, Job::cancelled));  // the caller has a reference
    transaction.commit();
    return true;
}

void JobBoard::cancel_all() {
    for (;;) {
        Transaction transaction;
        transaction.lock(lock_);
        Job* const job = queued_.first;
        if (job == nullptr) return;
        const bool last = take_back(transaction, *job, Job::cancelled);
        transaction.commit();
        if (last) Job::destroy(job);
    }
}

void JobBoard::close() {
    Transaction transaction;
    transaction.lock(lock_);
    transaction.write(closed_, 1);
    work_.ring(transaction, everybody);
    news_.ring(transaction, everybody);
    transaction.commit();
}

bool JobBoard::break_off(Job::Status reason) {
    bool first = false;
    {
        Transaction transaction;
        transaction.lock(lock_);
        first = fate_ == Job::queued;
        if (first) transaction.write(fate_, reason);
        work_.ring(transaction, everybody);
        news_.ring(transaction, everybody);
        transaction.commit();
    }
    // One at a time, since a transaction can write and wake only so much.
    for (;;) {
        Transaction transaction;
        transaction.lock(lock_);
        Job* job = queued_.first;
        bool last = false;
        if (job != nullptr && job->active == 0) {
            last = take_back(transaction, *job, fate_);
        } else if (job != nullptr) {
            remove(transaction, queued_, *job);
            append(transaction, running_, *job);
            conclude(transaction, *job, fate_);
        } else {
            job = running_.first;
            while (job != nullptr && job->is_finished())
                job = job->next;
            if (job == nullptr) return first;
            // It stays among the running ones, and so alive, until its worker is done with it.
            conclude(transaction, *job, fate_);
        }
        transaction.commit();
        if (last) Job::destroy(job);
    }
}

// The condition holds, or may come to hold, under the lock; whoever makes it true rings `bell`.
template <class Condition>
bool JobBoard::wait_until(Condition condition, Bell& bell, Deadline deadline) {
    std::optional<Attention> attention;
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        {
            Transaction transaction;
            transaction.lock(lock_);
            if (condition()) return true;
            if (deadline.expired()) return false;
            if (!patient) bell.remember_sleepers();
            seen = bell.load();
        }
        if (patient) {
            patient = bell.rings_soon(seen);
            continue;
        }
        if (!attention) attention.emplace(bell);
        require_fork_server();
        bell.wait(seen, deadline);
    }
}

bool JobBoard::wait_for(Job& job, Deadline deadline) {
    return wait_until([&] { return job.is_ready(); }, job.changed, deadline);
}

std::shared_ptr<Job> JobBoard::wait_for_any(std::span<const std::shared_ptr<Job>> jobs,
                                            Deadline deadline) {
    std::shared_ptr<Job> found;
    static_cast<void>(wait_until(
        [&] {
            for (const auto& job : jobs) {
                if (job->is_ready() && (!found || job->place < found->place)) found = job;
            }
            return found != nullptr;
        },
        finished_, deadline));
    return found;
}

Job::Status JobBoard::status_of(Job& job) {
    Transaction transaction;
    transaction.lock(lock_);
    return job.status;
}

bool JobBoard::announce(Job& job) {
    Transaction transaction;
    transaction.lock(lock_);
    if (job.is_finished()) return false;
    transaction.write(job.announced, 1);
    transaction.commit();
    return true;
}

void JobBoard::release_hold(Job& job) {
    Transaction transaction;
    transaction.lock(lock_);
    transaction.write(job.held, 0);
    job.changed.ring(transaction, everybody);
    transaction.commit();
}

void JobBoard::expect_supervisor() {
    Transaction transaction;
    transaction.lock(lock_);
    transaction.write(supervised_, 1);
    transaction.commit();
}

void JobBoard::attend() {
    Transaction transaction;
    transaction.push_will({creator_died, this});
    transaction.commit();
}

void JobBoard::dismiss(bool attended) {
    Transaction transaction;
    transaction.lock(lock_);
    if (attended) transaction.pop_will();
    transaction.write(supervised_, 0);
    finished_.ring(transaction, everybody);
    transaction.commit();
}

void JobBoard::wait_for_dismissal() {
    static_cast<void>(wait_until([&] { return supervised_ == 0; }, finished_, Deadline::never()));
}

bool JobBoard::is_over() const {
    return (closed_ != 0 || (breaks_ && fate_ != Job::queued)) && unfinished_ == 0;
}

JobBoard::News JobBoard::wait_for_news(Deadline deadline) {
    static_cast<void>(
        wait_until([&] { return first_announced_ != nullptr || stirred_ != 0 || is_over(); }, news_,
                   deadline));
    Transaction transaction;
    transaction.lock(lock_);
    Job* const job = first_announced_;
    bool last = false;
    if (job != nullptr) {
        transaction.write(first_announced_, job->next_announced);
        if (first_announced_ == nullptr) transaction.write(last_announced_, nullptr);
        last = release_reference(transaction, job);
    } else {
        transaction.write(stirred_, 0);
    }
    const bool over = job == nullptr && is_over();
    transaction.commit();
    if (last) Job::destroy(job);
    return {.finished = last ? nullptr : job, .over = over};
}

JobBoard::Counts JobBoard::counts() {
    Transaction transaction;
    transaction.lock(lock_);
    return {.unfinished = unfinished_,
            .entered = entered_,
            .left = left_,
            .fate = fate_,
            .closed = closed_ != 0};
}

void JobBoard::stir(Transaction& transaction) {
    transaction.write(stirred_, 1);
    news_.ring(transaction, everybody);
}

void JobBoard::stir() {
    Transaction transaction;
    transaction.lock(lock_);
    stir(transaction);
    transaction.commit();
}

void JobBoard::enter() {
    Transaction transaction;
    transaction.lock(lock_);
    transaction.write(entered_, entered_ + 1);
    transaction.push_will({initializer_ != nullptr ? initializing_died : worker_died, this});
    stir(transaction);
    transaction.commit();
}

void JobBoard::leave(bool alive) {
    Transaction transaction;
    transaction.lock(lock_);
    transaction.write(left_, left_ + 1);
    if (alive) transaction.pop_will();
    stir(transaction);
    transaction.commit();
}

void JobBoard::worker_died(Context&, void* object) {
    auto* const board = static_cast<JobBoard*>(object);
    if (board->breaks_) static_cast<void>(board->break_off(Job::lost));
    board->leave(false);
}

// Else a pool would start workers for ever.
void JobBoard::initializing_died(Context&, void* object) {
    auto* const board = static_cast<JobBoard*>(object);
    static_cast<void>(board->break_off(board->breaks_ ? Job::lost : Job::uninitialized));
    board->leave(false);
}

void JobBoard::running_died(Context&, void* object) {
    auto* const part = static_cast<Part*>(object);
    JobBoard& board = *part->job->board;
    // First of all: whoever sees that the job is lost must find the executor broken (EXEC-21).
    if (board.breaks_) static_cast<void>(board.break_off(Job::lost));
    static_cast<void>(board.finish(*part, Job::lost, {}, nullptr, false));
}

void JobBoard::creator_died(Context&, void* object) {
    auto* const board = static_cast<JobBoard*>(object);
    static_cast<void>(board->break_off(Job::terminated));
    board->dismiss(false);
}

bool JobBoard::initialize() {
    if (initializer_ == nullptr) return true;
    try {
        const ReceivedMessage call(initializer_call_, ReceivedMessage::keep);
        PortableInput input = call.input();
        initializer_(input, nullptr);
    } catch (...) {
        const std::string text = "Exception in the initializer of a pool: " +
                                 describe_exception(std::current_exception()) + "\n";
        if (break_off(Job::uninitialized)) std::fwrite(text.data(), 1, text.size(), stderr);
        return false;
    }
    Transaction transaction;
    transaction.pop_will();
    transaction.push_will({worker_died, this});
    transaction.commit();
    return true;
}

Part* JobBoard::take_part(Transaction& transaction) {
    Job* const job = fate_ == Job::queued ? queued_.first : nullptr;
    if (job == nullptr) return nullptr;
    Part& part = job->parts[job->claimed];
    transaction.write(job->status, Job::running);
    transaction.write(job->claimed, job->claimed + 1);
    transaction.write(job->active, job->active + 1);
    if (job->claimed == job->part_count) {
        remove(transaction, queued_, *job);
        append(transaction, running_, *job);
    }
    transaction.push_will({running_died, &part});
    return &part;
}

Part* JobBoard::claim() {
    std::optional<Attention> attention;
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        {
            Transaction transaction;
            transaction.lock(lock_);
            if (Part* const part = take_part(transaction); part != nullptr) {
                if (attention) {
                    work_.remember_sleepers();
                    // If it is closed nobody else will tell them, should this one die in the job.
                    if (closed_ != 0) {
                        work_.ring(transaction, everybody);
                    } else if (queued_.first != nullptr) {
                        work_.ring(transaction, 1);
                    }
                }
                transaction.commit();
                return part;
            }
            if (fate_ != Job::queued || closed_ != 0) {
                work_.remember_sleepers();
                // Whoever wanted to tell everybody may have found that one had been told, this one:
                // so the others hear it from here.
                work_.ring(transaction, everybody);
                transaction.commit();
                return nullptr;
            }
            if (!patient) work_.remember_sleepers();
            seen = work_.load();
        }
        if (patient) {
            patient = work_.rings_soon(seen);
            continue;
        }
        if (!attention) attention.emplace(work_);
        require_fork_server();
        work_.wait(seen);
    }
}

// Returns the next part, if there is one already.
Part* JobBoard::run(Part& part) {
    PortableOutput output;
    Job::Status outcome = Job::succeeded;
    const auto fail = [&] {
        outcome = Job::failed;
        output.clear();
        encode_exception(output, std::current_exception());
    };
    try {
        const auto call = PartBytes::of_call(part);
        PortableInput input = call.input();
        part.job->invoker(input, &output);
    } catch (...) {
        fail();
    }
    Message* result = nullptr;
    for (int attempts = 0; result == nullptr && !part.has_room_for(output); ++attempts) {
        try {
            result = make_message(output);
        } catch (const ResourceError&) {
            fail();
            if (attempts == 0) continue;
            outcome = Job::no_memory;
            output.clear();
        }
    }
    // Whoever gets the result may rely on the output being there; and a daemon may be killed before
    // it ends.
    if (mode().worker_processes) flush_output();
    return finish(part, outcome, output, result, true);
}

// The encoded result is `result`, or else small and in `output`. A worker takes its next part in the same
// transaction, if there is one: the board's lock is what many short calls wait for. But nothing is taken by
// one that has to clean up before it can begin.
Part* JobBoard::finish(Part& part, Job::Status outcome, const PortableOutput& output,
                       Message* result, bool is_mine) {
    Job& job = *part.job;
    Part* next = nullptr;
    Message* input = nullptr;
    bool last = false;
    {
        Transaction transaction;
        transaction.lock(lock_);
        transaction.write(job.active, job.active - 1);
        if (!job.is_finished()) {  // else the board was broken off meanwhile
            transaction.write(unfinished_, unfinished_ - 1);
            if (result != nullptr) {
                transaction.write(part.result, result);
                hand_over(transaction, result);
            } else {
                output.copy_to(part.small_result.data());
                transaction.write(part.small_size, output.size());
            }
            result = nullptr;
            const auto number = static_cast<std::uint64_t>(&part - job.parts);
            if (outcome != Job::succeeded && number < job.failed_part) {
                transaction.write(job.failed_part, number);
                transaction.write(job.failure, outcome);
            }
            if (job.unfinished_parts() == 0)
                conclude(transaction, job,
                         job.failed_part == Job::none ? Job::succeeded : job.failure);
        }
        if (is_mine) transaction.pop_will();
        if (job.is_finished() && job.active == 0) {
            remove(transaction, running_, job);
            input = take_message(transaction, job.input);
            last = release_reference(transaction, &job);
        }
        if (is_mine && result == nullptr && input == nullptr && !last)
            next = take_part(transaction);
        transaction.commit();
    }
    if (result != nullptr) release_message(result);
    if (input != nullptr) release_message(input);
    if (last) Job::destroy(&job);
    return next;
}

void JobBoard::work() {
    enter();
    if (initialize()) {
        Part* part = nullptr;
        while (part != nullptr || (part = claim()) != nullptr)
            part = run(*part);
    }
    leave(true);
}

}  // namespace freethreading::platform
