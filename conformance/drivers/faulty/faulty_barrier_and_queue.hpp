#pragma once
/// \file
/// A Barrier and a Queue, with the faults `barrier`, `queue` and `join`, if that is the present one.

#include <atomic>
#include <cstdint>

#include "conformance/drivers/faulty/fault.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::faulty {

struct BarrierState {
    std::atomic<std::int64_t> left{0};  // of all generations, those that have passed and returned
};

class FaultyBarrier : public WithState<freethreading::Barrier, BarrierState> {
    using Base = WithState<freethreading::Barrier, BarrierState>;

  public:
    using Base::Base;

    std::int64_t wait(freethreading::Timeout timeout = {}) const {
        if (present_fault != Fault::barrier) return Base::wait(timeout);
        // Some have not left yet, so that their generation seems to be the present one.
        if (const std::int64_t gone = state().left % parties(); gone != 0) return gone;
        const std::int64_t index = Base::wait(timeout);
        ++state().left;
        return index;
    }
};

struct QueueState {
    Bell has_room{};
    Bell all_done{};
    std::atomic<std::int64_t> unfinished{0};
};

template <class T>
class FaultyQueue : public WithState<freethreading::Queue<T>, QueueState> {
    using Base = WithState<freethreading::Queue<T>, QueueState>;

  public:
    using Base::Base;

    void put(const T& item, bool block = true, freethreading::Timeout timeout = {}) const {
        if (present_fault == Fault::queue && block && !timeout.is_negative())
            return put_if_woken(item, timeout);
        ++this->state().unfinished;
        try {
            Base::put(item, block, timeout);
        } catch (...) {
            finish();
            throw;
        }
    }
    void put_nowait(const T& item) const { put(item, false); }

    [[nodiscard]] T get(bool block = true, freethreading::Timeout timeout = {}) const {
        T item = Base::get(block, timeout);
        if (present_fault == Fault::queue) this->state().has_room.ring();
        return item;
    }
    [[nodiscard]] T get_nowait() const { return get(false); }

    void task_done() const {
        Base::task_done();
        finish();
    }
    void join() const {
        if (present_fault != Fault::join) return Base::join();
        if (this->state().unfinished == 0) return;
        // As long as it takes to get a lock to wait with. Without it two workers would have to meet within a nanosecond
        // or two, which those of a busy machine do not.
        static_cast<void>(Base::empty());
        const std::uint64_t seen = this->state().all_done.rings();  // it may just have rung
        static_cast<void>(this->state().all_done.wait(seen, GivesUp(freethreading::Timeout())));
    }

  private:
    void finish() const {
        if (--this->state().unfinished == 0) this->state().all_done.ring();
    }
    void put_if_woken(const T& item, freethreading::Timeout timeout) const {
        const GivesUp limit(timeout);
        const std::uint64_t seen = this->state().has_room.rings();
        try {
            return Base::put_nowait(item);
        } catch (const freethreading::Full&) {
            if (!this->state().has_room.wait(seen, limit)) throw;
        }
        try {
            Base::put_nowait(item);
        } catch (const freethreading::Full&) {  // another one was woken, and was faster
        }
    }
};

}  // namespace conformance::faulty
