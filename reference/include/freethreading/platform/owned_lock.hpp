#pragma once
/// \file
/// The lock under Lock, RLock and Condition: one word that names its owner, and how often the owner took it. Internal.
///
/// Source: the three-state futex mutex (Drepper, "Futexes Are Tricky", 2011) with the owner's context in the place of "locked". Only one step
/// differs where somebody waits: whoever slept leaves `contended` set, since it cannot know whether others sleep. So no count
/// of sleepers is kept that a killed one could spoil.

#include <cstdint>
#include <memory>

#include "freethreading/platform/context.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/word.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading::platform {

class OwnedLock : public Object {
 public:
  explicit OwnedLock(bool reentrant) : reentrant_(reentrant) {}

  /// A new lock of this process's.
  [[nodiscard]] static std::shared_ptr<OwnedLock> make(bool reentrant);
  /// The lock behind a reference. Throws ValueError if it is of the other kind, or no lock.
  [[nodiscard]] static std::shared_ptr<OwnedLock> from(std::shared_ptr<Object> object, bool reentrant);

  /// Blocks until the lock is held or `deadline`; whether it is held.
  [[nodiscard]] bool acquire(Deadline deadline);
  /// Throws RuntimeError if the lock is free or, being reentrant, somebody else's.
  void release();
  [[nodiscard]] bool held() const { return word_.load() != 0; }
  [[nodiscard]] bool held_by_this_context() const;
  [[nodiscard]] bool reentrant() const { return reentrant_; }

  /// For Condition::wait: frees the lock, which this context holds, and says how often it had been taken.
  [[nodiscard]] std::uint32_t release_all();
  /// Blocks until the lock is held again, as often as before.
  void acquire_again(std::uint32_t depth);

 private:
  [[nodiscard]] bool acquire_slowly(ContextId mine, Deadline deadline);
  void release_word(std::uint32_t seen);

  Word word_;                 // 0: free; otherwise the owner's id, and `contended` if somebody may be asleep
  std::uint32_t depth_ = 0;   // only the owner reads or writes it
  bool reentrant_;
};

/// What `acquire(blocking, timeout)` means for these locks: a negative time-out is unlimited (GEN-5).
/// Throws ValueError for a time-out of zero or more together with `blocking == false`.
[[nodiscard]] Deadline lock_deadline(bool blocking, Timeout timeout);

}  // namespace freethreading::platform
