#pragma once
/// \file
/// What the driver and its workers share besides the lanes: memory that processes forked later
/// inherit. Nobody touches it between the invocation of a call and its response, but for Cells and
/// what a driver's own operations (kill, await_blocked) have to know.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "conformance/kit/alignment.hpp"
#include "conformance/kit/shared_word.hpp"

namespace conformance::kit {

/// Rule 5.11: plain memory, on a cache line of its own. Not atomic: an implementation that does not
/// order its workers loses additions, and a race detector says so.
struct alignas(64) Cell {
    std::int64_t content;

    [[nodiscard]] std::int64_t read() const { return content; }
    void write(std::int64_t number) { content = number; }
    std::int64_t add(std::int64_t summand);
};

/// What is known of a worker in this run.
struct WorkerRecord {
    enum Life : std::uint32_t { none, begun, ended };
    SharedWord is_started;  ///< its parent's call `start` has returned
    SharedWord life;
    std::atomic<pid_t> process;
    std::atomic<pid_t> thread;  ///< as the kernel numbers it
};

class Board {
  public:
    static constexpr std::size_t cell_count = 1024;

    /// Throws std::system_error.
    explicit Board(std::size_t workers);
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;
    ~Board();

    /// Forgets the last run. For so many workers, `size()` at most.
    void begin_run(std::size_t workers);

    [[nodiscard]] Alignment& alignment() { return shared_->alignment; }
    [[nodiscard]] Cell& cell(std::size_t index) { return shared_->cells[index]; }
    [[nodiscard]] std::size_t size() const { return workers_.size(); }
    [[nodiscard]] WorkerRecord& worker(std::size_t position) { return workers_[position]; }

    /// Says that the calling thread is that worker, now running; that the worker ended.
    void note_begun(std::size_t position);
    void note_ended(std::size_t position);
    /// Blocks until that worker has begun at least.
    void await_begun(std::size_t position);
    /// Blocks until that worker, which was started, has ended or its process is gone.
    void await_ended(std::size_t position);

    void note_overflow() { shared_->overflowed.store(1); }
    [[nodiscard]] bool overflowed() const { return shared_->overflowed.load() != 0; }

    /// Says that the driver could not do its part. The first sentence counts.
    void note_fault(std::string_view sentence);
    [[nodiscard]] bool is_faulty() const { return shared_->fault_state.load() != 0; }
    [[nodiscard]] std::string fault() const { return shared_->fault; }

  private:
    struct Shared {
        Alignment alignment;
        SharedWord changes;  // of any worker's life
        SharedWord overflowed;
        SharedWord fault_state;
        char fault[512];
        Cell cells[cell_count];
    };
    void change_life(std::size_t position, WorkerRecord::Life life);

    Shared* shared_;
    std::span<WorkerRecord> workers_;
};

}  // namespace conformance::kit
