#pragma once
/// \file
/// Crash-safe changes of shared state: a lock that survives its owner, and an undo journal.
/// Internal.
///
///     Transaction transaction;
///     transaction.lock(queue.lock);
///     transaction.write(queue.tail, tail + 1);    // the old value goes into a journal first
///     transaction.write(queue.count, count + 1);
///     transaction.wake(queue.items, 1);           // carried out after the commit
///     transaction.commit();                       // one store makes everything permanent
///
/// A process may be killed at any instruction. Until the store in `commit` none of its changes
/// count: the fork server, once it has seen the death, restores the old values from the dead
/// thread's journal, releases the locks it held and wakes whoever it should have woken. After that
/// store all of them count. Source: undo logging with a single commit store, as in write-ahead
/// logging (Mohan et al., ARIES, TODS 1992), reduced to memory that survives a process but not the
/// machine.
///
/// A journal belongs to a thread, not to a lock, so a transaction may span several locks; it keeps
/// all of them to its end. The order is: any lock of an object first, the arena's lock last.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "freethreading/platform/context.hpp"
#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/word.hpp"

namespace freethreading::platform {

/// Mutual exclusion for the few instructions of a transaction; never held while user code runs.
/// The word names the owner's context, so that a dead owner is known. Source: the three-state futex
/// mutex (Drepper, "Futexes Are Tricky", 2011), with the owner in the place of "locked" and the
/// intent noted before the attempt, as set_robust_list(2) does.
class InternalLock {
  public:
    /// Blocks until the lock is held. Throws ResourceError if the fork server is dead and with it
    /// whoever held the lock. If it is taken it is looked at again after `pause` nanoseconds, then after
    /// twice as many, and so on.
    void acquire(Context& context, std::int64_t pause);
    void release(Context& context);
    /// For the fork server: takes the lock away from a dead context and wakes whoever waits.
    void repair(std::uint32_t slot);

  private:
    void acquire_slowly(std::uint32_t mine, std::int64_t pause);
    Word word_;  // 0: free; otherwise owner's slot + 1, and `contended` if somebody may be asleep
};

class Transaction {
  public:
    Transaction() : context_(this_context()) {}
    /// Undoes everything unless committed.
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Blocks until `lock` is held; it stays held to the end of the transaction. Nothing happens if
    /// this transaction has it already.
    void lock(InternalLock& lock) { lock_after(lock, Patience::shortest_pause); }
    /// The same, but who finds it taken comes back sooner: for a lock of which the holder will wait for whoever
    /// wants it too, as at a barrier.
    void lock_soon(InternalLock& lock) { lock_after(lock, Patience::soonest_pause); }

    /// Changes a field of shared state, reversibly.
    template <class T>
    void write(T& field, std::type_identity_t<T> value) {
        static_assert(sizeof(T) == sizeof(std::uint64_t) && std::is_trivially_copyable_v<T>);
        context_.journal.note(reinterpret_cast<std::uint64_t*>(&field),
                              std::bit_cast<std::uint64_t>(field));
        field = value;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    /// What the fork server does if this process dies between the commit of this transaction and
    /// that of the one that takes it back. Throws RuntimeError when wills are nested more than
    /// eight deep, which only actions of barriers that wait at barriers can do.
    void push_will(Context::Will will);
    void pop_will() { write(context_.will_count, context_.will_count - 1); }

    /// After the commit: wake `count` sleepers on `word`, even if this process dies between the
    /// two.
    void wake(Word& word, int count = 1);
    /// After the commit, while the locks are still held: give the pages in this range back to the
    /// system.
    void discard_pages(void* begin, std::size_t size) { discarded_ = {begin, size}; }

    /// After the commit: this process owns so many blocks more.
    void count_owned(std::int64_t change) { owned_ += change; }

    /// Ends the transaction. Memory ordering: what this thread did before happens before what any
    /// thread does after it next takes one of the locks.
    void commit();

    [[nodiscard]] Context& context() { return context_; }

  private:
    struct Wake {
        Word* word;
        int count;
    };
    struct Pages {
        void* begin = nullptr;
        std::size_t size = 0;
    };
    void lock_after(InternalLock& lock, std::int64_t pause);
    void unlock_all();

    Context& context_;
    bool committed_ = false;
    std::uint32_t wakes_count_ = 0;
    std::array<Wake, 4> wakes_{};
    Pages discarded_;
    std::int64_t owned_ = 0;
};

/// Tells the fork server to wake everybody on `word` if this process dies while the object lives.
/// Whoever sleeps on a word needs it, because a wake-up that reached the dead must be passed on;
/// and whoever is about to wake others after a change that is already visible.
class Attention {
  public:
    explicit Attention(Word& word) : Attention(this_context(), word) {}
    Attention(Context& context, Word& word) : context_(context) { context.attention.push(word); }
    ~Attention() { context_.attention.pop(); }
    Attention(const Attention&) = delete;
    Attention& operator=(const Attention&) = delete;

  private:
    Context& context_;
};

}  // namespace freethreading::platform
