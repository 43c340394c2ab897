#include "freethreading/platform/owned_lock.hpp"

#include "freethreading/error.hpp"

namespace freethreading::platform {
namespace {
constexpr std::uint32_t contended = 0x8000'0000;
constexpr int spins = 50;
}  // namespace

std::shared_ptr<OwnedLock> OwnedLock::make(bool reentrant) { return make_object<OwnedLock>(reentrant); }

std::shared_ptr<OwnedLock> OwnedLock::from(std::shared_ptr<Object> object, bool reentrant) {
  auto lock = object_cast<OwnedLock>(std::move(object));
  if (lock->reentrant_ != reentrant) throw ValueError("a message holds a Lock where an RLock is read, or the other way round");
  return lock;
}

bool OwnedLock::held_by_this_context() const { return (word_.load() & ~contended) == this_context_id(); }

bool OwnedLock::acquire(Deadline deadline) {
  const ContextId mine = this_context_id();
  if (reentrant_ && (word_.load() & ~contended) == mine) {
    if (depth_ == ~std::uint32_t{0}) throw RuntimeError("the RLock cannot be acquired more than 4294967295 times in a row");
    ++depth_;
    return true;
  }
  std::uint32_t seen = 0;
  if (!word_.compare_exchange(seen, mine) && !acquire_slowly(mine, deadline)) return false;
  depth_ = 1;
  return true;
}

bool OwnedLock::acquire_slowly(ContextId mine, Deadline deadline) {
  for (int i = 0; i < spins; ++i) {
    std::uint32_t seen = 0;
    if (word_.load() == 0 && word_.compare_exchange(seen, mine)) return true;
  }
  const Attention attention(word_);
  for (bool slept = false;; slept = true) {
    std::uint32_t seen = word_.load();
    while (seen == 0) {
      if (word_.compare_exchange(seen, slept ? mine | contended : mine)) return true;
    }
    const bool late = deadline.expired();
    if (late && !slept) return false;
    // Also before leaving late: the wake-up that this context consumed may have been the only one.
    while (seen != 0 && (seen & contended) == 0 && !word_.compare_exchange(seen, seen | contended)) {
    }
    if (seen == 0) continue;
    if (late) return false;
    word_.wait(seen | contended, deadline);
  }
}

void OwnedLock::release() {
  std::uint32_t seen = word_.load();
  if (seen == 0) throw RuntimeError("the lock is not held");
  if (reentrant_) {
    if ((seen & ~contended) != this_context_id()) throw RuntimeError("the RLock is held by another worker");
    if (--depth_ > 0) return;
  }
  release_word(seen);
}

void OwnedLock::release_word(std::uint32_t seen) {
  while ((seen & contended) == 0) {
    if (word_.compare_exchange(seen, 0)) return;
    if (seen == 0) throw RuntimeError("the lock is not held");
  }
  const Attention attention(word_);
  while (!word_.compare_exchange(seen, 0)) {
    if (seen == 0) throw RuntimeError("the lock is not held");
  }
  word_.wake(1);
}

std::uint32_t OwnedLock::release_all() {
  const std::uint32_t depth = depth_;
  depth_ = 0;
  release_word(word_.load());
  return depth;
}

void OwnedLock::acquire_again(std::uint32_t depth) {
  while (!acquire(Deadline::never())) {
  }
  depth_ = depth;
}

Deadline lock_deadline(bool blocking, Timeout timeout) {
  if (!blocking) {
    if (!timeout.is_none() && !timeout.is_negative()) throw ValueError("a call that must not block takes no time-out");
    return Deadline::at(0);
  }
  return timeout.is_negative() ? Deadline::never() : Deadline::after(timeout);
}

}  // namespace freethreading::platform
