#include "freethreading/imap_iterator.hpp"

#include <limits>

#include "freethreading/error.hpp"

namespace freethreading::platform {
namespace {

// How many chunks may be read and not yet taken; reached step by step, so that a slow input does
// not hold up the first results.
std::size_t window(const Crew& crew) {
    return 64 + 2 * crew.size();
}
constexpr std::size_t at_once = 2;

}  // namespace

std::shared_ptr<JobStream> JobStream::open(std::shared_ptr<Crew> crew, Read read, bool in_order) {
    crew->require_open();
    auto stream = std::make_shared<JobStream>(std::move(crew), std::move(read), in_order);
    stream->crew_->open_feed(stream);
    const MutexGuard guard(stream->mutex_);
    stream->read_ahead(2 * stream->crew_->size());
    return stream;
}

JobStream::~JobStream() {
    const MutexGuard guard(mutex_);
    try {
        close_input();
    } catch (const Error&) {  // the fork server is dead
    }
}

void JobStream::close_input() {
    if (!read_) return;
    read_ = nullptr;
    crew_->close_feed();
}

void JobStream::read_ahead(std::size_t count) {
    for (; read_ && count > 0; --count) {
        std::optional<Call> call;
        try {
            call = read_();
        } catch (...) {
            failure_ = std::current_exception();
        }
        if (!call) return close_input();
        auto job = crew_->make_job(*call);
        crew_->post_fed(*job);
        pending_.push_back(std::move(job));
    }
}

void JobStream::read_all() {
    const MutexGuard guard(mutex_);
    // What nobody will run need not be read: it may have no end.
    while (read_ && crew_->board()->counts().fate == Job::queued)
        read_ahead(1);
}

std::shared_ptr<Job> JobStream::next(Deadline deadline) {
    std::vector<std::shared_ptr<Job>> candidates;
    {
        const MutexGuard guard(mutex_);
        const auto room = window(*crew_) - std::min(window(*crew_), pending_.size());
        read_ahead(pending_.empty() ? 1 : std::min(room, at_once));
        if (pending_.empty()) {
            if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
            return nullptr;
        }
        if (in_order_) {
            candidates.push_back(pending_.front());
        } else {
            candidates.assign(pending_.begin(), pending_.end());
        }
    }
    std::shared_ptr<Job> found;
    if (!in_order_) {
        found = crew_->board()->wait_for_any(candidates, deadline);
    } else if (crew_->board()->wait_for(*candidates.front(), deadline)) {
        found = candidates.front();
    }
    if (!found) throw TimeoutError();
    const MutexGuard guard(mutex_);
    std::erase(pending_, found);
    return found;
}

void JobStream::end() {
    const MutexGuard guard(mutex_);
    close_input();
    pending_.clear();
    failure_ = nullptr;
}

}  // namespace freethreading::platform
