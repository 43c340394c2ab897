#include "freethreading/platform/owned_lock.hpp"

#include <utility>

#include "freethreading/error.hpp"
#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/transaction.hpp"

namespace freethreading::platform {
namespace {

// Nanoseconds. Sooner than at an internal lock, since whoever waits for a user's lock may be waited for. Two to
// eight workers take turns in 14 to 16 ns then; in 22 from 25 ns on, and in 11 to 13 from 400.
constexpr std::int64_t first_pause = 100;

}  // namespace

std::shared_ptr<OwnedLock> OwnedLock::make(bool reentrant) {
    return make_object<OwnedLock>(reentrant);
}

std::shared_ptr<OwnedLock> OwnedLock::from(std::shared_ptr<Object> object, bool reentrant) {
    auto lock = object_cast<OwnedLock>(std::move(object));
    if (lock->reentrant_ != reentrant)
        throw ValueError("a message holds a Lock where an RLock is read, or the other way round");
    return lock;
}

bool OwnedLock::held_by_this_context() const {
    return (word_.load() & ~contended) == this_context_id();
}

bool OwnedLock::acquire_slowly(ContextId mine, Deadline deadline) {
    if (deadline.expired()) return false;
    const auto take = [&] {
        std::uint32_t seen = 0;
        return word_.load() == 0 && word_.compare_exchange(seen, mine);
    };
    // Looked first, and by who has no patience left, too: an owner that is done in nanoseconds is not worth a
    // call of the kernel. (Four workers on two cores lose it soon, since who is given way to keeps the core. Those
    // that did not look took 24 ns each for a lock that is held for 11; now they take 13.)
    if (look_seldom(take, first_pause)) return true;
    if (patiently(take, [](auto) { return false; })) return true;
    const Attention attention(word_);
    for (bool slept = false;; slept = true) {
        std::uint32_t seen = word_.load();
        while (seen == 0) {
            if (word_.compare_exchange(seen, slept ? mine | contended : mine)) return true;
        }
        const bool late = deadline.expired();
        if (late && !slept) return false;
        // Also before leaving late: the wake-up that this context consumed may have been the only
        // one.
        while (seen != 0 && (seen & contended) == 0 &&
               !word_.compare_exchange(seen, seen | contended)) {
        }
        if (seen == 0) continue;
        if (late) return false;
        word_.wait(seen | contended, deadline);
    }
}

void OwnedLock::reject_repetition() {
    throw RuntimeError("the RLock cannot be acquired more than 4294967295 times in a row");
}

void OwnedLock::release_otherwise(ContextId mine, std::uint32_t seen) {
    for (;;) {
        if (seen == 0) throw RuntimeError("the lock is not held");
        if (reentrant_ && (seen & ~contended) != mine)
            throw RuntimeError("the RLock is held by another worker");
        if ((seen & contended) != 0) break;
        if (word_.compare_exchange(seen, 0)) return;
    }
    const Attention attention(word_);
    while (!word_.compare_exchange(seen, 0)) {
        if (seen == 0) throw RuntimeError("the lock is not held");
    }
    word_.wake(1);
}

std::uint32_t OwnedLock::release_all(Transaction& transaction) {
    const ContextId mine = this_context_id();
    std::uint32_t repetitions = 0;
    bool wakes = false;
    std::uint32_t seen = word_.load();
    do {
        if ((seen & ~contended) != mine)
            throw RuntimeError("another worker released the lock meanwhile");
        // They are the next owner's once the word is 0. Of an RLock nobody else changes the owner.
        if (reentrant_) repetitions += repetitions_.exchange(0, std::memory_order_relaxed);
        // Noted first: should this process die after the change, somebody else wakes them.
        if ((seen & contended) != 0 && !std::exchange(wakes, true)) transaction.wake(word_);
    } while (!word_.compare_exchange(seen, 0));
    return 1 + repetitions;
}

void OwnedLock::acquire_again(std::uint32_t depth) {
    while (!acquire(Deadline::never())) {
    }
    if (reentrant_) repetitions_.store(depth - 1, std::memory_order_relaxed);
}

}  // namespace freethreading::platform
