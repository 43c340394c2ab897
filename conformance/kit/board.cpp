#include "conformance/kit/board.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "conformance/kit/thread_status.hpp"

namespace conformance::kit {
namespace {

template <class T>
T* map_shared(std::size_t count) {
    // Zero bytes are the initial state of everything on the board.
    void* const memory =
        mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "the shared board");
    return static_cast<T*>(memory);
}

}  // namespace

std::int64_t Cell::add(std::int64_t summand) {
    const std::int64_t before = content;
    for (int i = 0; i < 200; ++i)
        asm volatile("" ::: "memory");  // so that the compiler can merge nothing
    content = static_cast<std::int64_t>(static_cast<std::uint64_t>(before) +
                                        static_cast<std::uint64_t>(summand));
    return content;
}

Board::Board(std::size_t workers)
    : shared_(map_shared<Shared>(1)), workers_(map_shared<WorkerRecord>(workers), workers) {}

Board::~Board() {
    munmap(workers_.data(), workers_.size_bytes());
    munmap(shared_, sizeof(Shared));
}

void Board::begin_run(std::size_t workers) {
    shared_->alignment.prepare(0);
    shared_->overflowed.store(0);
    shared_->fault_state.store(0);
    for (WorkerRecord& worker : workers_.first(workers)) {
        worker.is_started.store(0);
        worker.life.store(WorkerRecord::none);
        worker.process.store(0);
        worker.thread.store(0);
    }
}

void Board::change_life(std::size_t position, WorkerRecord::Life life) {
    workers_[position].life.store(life);
    shared_->changes.fetch_add(1);
    wake_all(shared_->changes);
}

void Board::note_begun(std::size_t position) {
    workers_[position].process.store(getpid());
    workers_[position].thread.store(gettid());
    change_life(position, WorkerRecord::begun);
}

void Board::note_ended(std::size_t position) {
    change_life(position, WorkerRecord::ended);
}

void Board::await_begun(std::size_t position) {
    for (;;) {
        const std::uint32_t seen = shared_->changes.load();
        if (workers_[position].life.load() != WorkerRecord::none) return;
        sleep_on(shared_->changes, seen);
    }
}

void Board::await_ended(std::size_t position) {
    // The death of a process wakes nobody, so it is looked for; rarely enough to count as idle.
    constexpr std::int64_t interval = 100'000'000;
    WorkerRecord& worker = workers_[position];
    for (;;) {
        const std::uint32_t seen = shared_->changes.load();
        const std::uint32_t life = worker.life.load();
        const pid_t process = worker.process.load();
        if (life == WorkerRecord::ended) return;
        if (life == WorkerRecord::begun && is_gone(process, worker.thread.load())) return;
        if (process == getpid()) {
            sleep_on(shared_->changes, seen);
        } else {
            sleep_on(shared_->changes, seen, interval);
        }
    }
}

void Board::note_fault(std::string_view sentence) {
    std::uint32_t none = 0;
    if (!shared_->fault_state.compare_exchange_strong(none, 1)) return;
    const std::size_t size = std::min(sentence.size(), sizeof(shared_->fault) - 1);
    std::memcpy(shared_->fault, sentence.data(), size);
    shared_->fault[size] = '\0';
}

}  // namespace conformance::kit
