#pragma once
/// \file
/// What must be known of a thread after its process was killed: its identity, undo journal, locks
/// and last will. Internal.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "freethreading/platform/mode.hpp"
#include "freethreading/platform/word.hpp"

namespace freethreading::platform {

class InternalLock;

/// Identifies a thread of execution: unique in the program, never reused, never 0. The owner in a
/// lock word.
using ContextId = std::uint32_t;
inline constexpr ContextId largest_context_id = 0x7fff'ffff;

/// Old values of the fields that a transaction has changed so far.
struct Journal {
    struct Entry {
        std::uint64_t* field;
        std::uint64_t old_value;
    };
    static constexpr std::uint64_t capacity = 120;

    // The entry is complete before it counts, and it counts before the field changes: that order,
    // in which one thread's instructions take effect for whoever looks after the thread is dead, is
    // all that is needed. Only the compiler could break it.
    void note(std::uint64_t* field, std::uint64_t old_value) {
        if (count == capacity) overflow();
        entries[count] = {field, old_value};
        std::atomic_signal_fence(std::memory_order_seq_cst);
        count = count + 1;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    /// The commit point.
    void forget() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        count = 0;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    /// May be repeated, also after it was interrupted.
    void roll_back();
    [[noreturn]] static void overflow();

    std::uint64_t count = 0;
    std::array<Entry, capacity> entries{};
};

/// What a thread has under way, noted before it begins and crossed out after it ended, for whoever
/// looks after its death.
template <class T, std::size_t capacity>
class Notes {
  public:
    void push(T& thing) {
        const auto count = count_.load(std::memory_order_relaxed);
        things_[count].store(&thing, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        count_.store(count + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    void pop() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        count_.store(size() - 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    void clear() { count_.store(0, std::memory_order_relaxed); }
    [[nodiscard]] std::uint32_t size() const { return count_.load(std::memory_order_relaxed); }
    [[nodiscard]] T& operator[](std::uint32_t i) const {
        return *things_[i].load(std::memory_order_relaxed);
    }
    [[nodiscard]] T& last() const { return (*this)[size() - 1]; }
    [[nodiscard]] bool contains(const T& thing) const {
        for (std::uint32_t i = 0; i < size(); ++i) {
            if (&(*this)[i] == &thing) return true;
        }
        return false;
    }

  private:
    std::atomic<std::uint32_t> count_ = 0;
    std::array<std::atomic<T*>, capacity> things_{};
};

/// One slot of the table of contexts. Lives in memory that all processes share.
struct alignas(64) Context {
    Word process;  // serial of the process that uses the slot, 0 if it is free
    ContextId id = 0;
    std::uint32_t slot = 0;

    Notes<InternalLock, 6> held;  // locks owned, or about to be taken
    Notes<Word, 8> attention;     // words to wake when the process dies

    // What the fork server does for the dead, last one first, once its journal is undone and its
    // locks are free.
    struct Will {
        void (*execute)(Context& dead, void* object) = nullptr;
        void* object = nullptr;
    };
    std::uint64_t will_count = 0;  // written in transactions
    std::array<Will, 8> wills{};

    // This thread's place among the waiters of a Condition, for one at a time.
    struct Waiter {
        Context* next = nullptr;
        Context* previous = nullptr;
        std::uint64_t queued = 0;  // these three are written in transactions
        Word state;
    } waiter;

    Journal journal;
};

namespace detail {
// Of trivial types, so that reading them is one instruction.
extern constinit thread_local Context* cached_context;
extern constinit thread_local ContextId cached_context_id;
Context& make_context();
}  // namespace detail

/// The calling thread's context; made on first use. Throws ResourceError when all slots are taken.
[[nodiscard]] inline Context& this_context() {
    return detail::cached_context != nullptr ? *detail::cached_context : detail::make_context();
}
[[nodiscard]] inline ContextId this_context_id() {
    return detail::cached_context_id != 0 ? detail::cached_context_id : detail::make_context().id;
}

/// For a process just forked: the parent's thread is not this one.
void forget_inherited_context();

/// For the fork server, about a dead process. First undo its journals, free its locks and wake
/// whoever waits for it (touches nothing that needs a lock); then execute its wills; then free its
/// slots.
void repair_contexts_of(ProcessSerial dead);
void execute_wills_of(ProcessSerial dead);
void free_contexts_of(ProcessSerial dead);
/// Wakes every sleeping thread of the calling process, so that it sees that the fork server is
/// dead.
void wake_everyone_here();

}  // namespace freethreading::platform
