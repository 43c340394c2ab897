#pragma once
/// \file
/// The results of WorkerPool::imap and imap_unordered, one by one.
///
///     for (const int square : pool.imap(square_of, numbers)) std::cout << square << '\n';
///
/// The input is read in the thread that takes the results, a bounded number of elements ahead, so
/// it may be infinite; what is not read when the iterator is destroyed is never run. It must live
/// as long as the iterator, unless it was given as a temporary. A pool that is closed serves its
/// iterators still; its `join` reads the rest of their inputs.

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "freethreading/platform/crew.hpp"
#include "freethreading/platform/next_iterator.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

class WorkerPool;

namespace platform {

/// Jobs made of an input, and finished jobs out again.
class JobStream final : public Feed {
  public:
    using Read = std::function<std::optional<Call>()>;

    /// `read` gives the next chunk of the input, nothing at its end, and throws what the input
    /// throws.
    [[nodiscard]] static std::shared_ptr<JobStream> open(std::shared_ptr<Crew> crew, Read read,
                                                         bool in_order);
    JobStream(std::shared_ptr<Crew> crew, Read read, bool in_order)
        : crew_(std::move(crew)), in_order_(in_order), read_(std::move(read)) {}
    ~JobStream() override;

    /// The next finished job; null at the end. Throws TimeoutError, or once, at the end of what was
    /// read, what the input threw.
    [[nodiscard]] std::shared_ptr<Job> next(Deadline deadline);
    /// Forgets what is left.
    void end();
    void read_all() override;

  private:
    void read_ahead(std::size_t count) FREETHREADING_REQUIRES(mutex_);
    void close_input() FREETHREADING_REQUIRES(mutex_);

    const std::shared_ptr<Crew> crew_;
    const bool in_order_;
    Mutex mutex_;
    Read read_ FREETHREADING_GUARDED_BY(mutex_);  // none once the input has ended
    std::deque<std::shared_ptr<Job>> pending_ FREETHREADING_GUARDED_BY(mutex_);
    std::exception_ptr failure_ FREETHREADING_GUARDED_BY(mutex_);
};

}  // namespace platform

/// An input range, to be gone through once by one thread at a time. Movable; not portable (GEN-17).
template <class R>
class ImapIterator {
  public:
    ImapIterator(ImapIterator&&) noexcept = default;
    ImapIterator& operator=(ImapIterator&&) noexcept = default;

    /// The next result, in the order of the input (imap) or of completion (imap_unordered); waits
    /// for it for `timeout` at most (none: for ever; zero or negative: not at all), not counting
    /// the time that reading the input takes. Nothing at the end, also when called again. Throws
    /// TimeoutError, and may then be called again; what the task threw, after which the next result
    /// follows, or the end if the chunk size is above one; what the input threw, after the results
    /// before; BrokenWorkerPool and ResourceError as AsyncResult::get. Fulfils IMAP-1 to IMAP-4,
    /// IMAP-6, POOL-30.
    [[nodiscard]] std::optional<R> next(Timeout timeout = {}) {
        if (results_.empty()) {
            const auto job = stream_->next(Deadline::after(timeout));
            if (job == nullptr) return std::nullopt;
            try {
                auto values = platform::result_of<std::vector<R>>(*job);
                results_.assign(std::make_move_iterator(values.begin()),
                                std::make_move_iterator(values.end()));
            } catch (...) {
                if (ends_at_failure_) stream_->end();
                throw;
            }
        }
        std::optional<R> result(std::move(results_.front()));
        results_.pop_front();
        return result;
    }

    /// `++` and `begin` wait without limit and throw as `next`. After an exception a new `begin`
    /// goes on with the next result.
    [[nodiscard]] auto begin() { return platform::NextIterator<ImapIterator, R>(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  private:
    friend class WorkerPool;
    ImapIterator(std::shared_ptr<platform::JobStream> stream, bool ends_at_failure)
        : stream_(std::move(stream)), ends_at_failure_(ends_at_failure) {}

    std::shared_ptr<platform::JobStream> stream_;
    bool ends_at_failure_;
    std::deque<R> results_;
};

}  // namespace freethreading
