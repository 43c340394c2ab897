#pragma once
/// \file
/// What a thread does before it sleeps: it looks for a while whether it still has to. Internal.
///
///     if (patiently([&] { return word.load() != seen; })) return;
///     // announce a sleeper, and sleep
///
/// To sleep and be woken costs several microseconds, and many more on a virtual machine whose core
/// has gone to sleep too; whoever is about to be woken by another core within less had better
/// look. So a thread looks some twenty times (a few times, where it is a lock that it waits for), which
/// catches an answer from another core, and then gives its core to others for about as long as it can
/// cost to be woken, which catches one from this core, and one of a worker that is just being woken.
/// Where looking was in vain four times in a row it gives its core away at once: 0.5 us less in each
/// round trip of two on one core.
///
/// Where giving way was in vain its patience is halved, down to none; and none is left at once where
/// somebody else kept the core for long, as a program does that only computes: a sleeper would have been
/// preferred to it. From then on the thread just sleeps, and tries again after 32 waits, then 64, and so
/// on to 1024. So it costs nothing in the long run where waits are long or cores are taken. With a
/// single core there is nothing to look for, and the thread only gives way.
///
/// Source: the competitive argument of Karlin, Manasse, McGeoch and Owicki, "Competitive Randomized
/// Algorithms for Non-Uniform Problems" (SODA 1990): spin for about what sleeping costs.

#include <algorithm>
#include <cstdint>

#include "freethreading/timeout.hpp"

namespace freethreading::platform {

/// Of one thread, in its own memory: nothing of it is shared, and a killed thread leaves nothing.
class Patience {
  public:
    /// How long this wait may last, in sixteenths of what it can cost to be woken; zero: not even look.
    [[nodiscard]] std::uint32_t begin() {
        if (left_ > 0) return left_;
        if (++sleeps_ < until_next_try_) return 0;
        sleeps_ = 0;
        return most;
    }
    void paid() {
        left_ = most;
        until_next_try_ = most;
    }
    void was_in_vain() { lose(left_ / 2); }

    /// Whether to look often, before the core is given away at all: no, but for every 16th time, since four
    /// looks in a row were in vain. Who is waited for shares this core, then, or takes longer.
    [[nodiscard]] bool is_worth_looking() {
        return looks_in_vain_ < enough_looks_in_vain ||
               (++waits_without_looks_ % waits_until_next_look) == 0;
    }
    void look_ended(bool paid) { looks_in_vain_ = paid ? 0 : looks_in_vain_ + 1; }

    void cost_too_much() { lose(0); }
    /// None, and no new try for long: for tests whose every run has to go the same way. (An internal lock that
    /// is taken is waited for all the same.)
    void be_gone() {
        until_next_try_ = longest_until_next_try;
        lose(0);
    }

    /// How often a thread looks before it gives its core away for the first time.
    [[nodiscard]] static int looks();
    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("isb");
#endif
    }
    /// What it can cost to be woken, in nanoseconds. Who waits for a worker that is just being woken has to look
    /// for as long: else each finds the other asleep, again and again.
    static constexpr std::int64_t soon = 50'000;
    static constexpr std::uint32_t most = 16;
    /// Of one that looks seldom, in nanoseconds. The first one is long enough for some ten items to go through
    /// a queue, and not long for somebody who is waited for.
    static constexpr std::int64_t shortest_pause = 1'000;
    static constexpr std::int64_t longest_pause = 8'000;
    /// Of one that others wait for while it waits: at a barrier.
    static constexpr std::int64_t soonest_pause = 25;
    /// Burns that many nanoseconds.
    static void pause_for(std::int64_t nanoseconds) {
        for (const auto end = freethreading::detail::now() + nanoseconds;
             freethreading::detail::now() < end;)
            pause();
    }
    /// Lets others have this core.
    static void give_way();

  private:
    static constexpr std::uint32_t longest_until_next_try = 1024;
    static constexpr std::uint32_t enough_looks_in_vain = 4;
    static constexpr std::uint32_t waits_until_next_look = 16;

    void lose(std::uint32_t left) {
        left_ = left;
        if (left == 0) until_next_try_ = std::min(2 * until_next_try_, longest_until_next_try);
    }

    std::uint32_t left_ = most;
    std::uint32_t sleeps_ = 0;  // since the last try
    std::uint32_t until_next_try_ = most;
    std::uint32_t looks_in_vain_ = 0;  // in a row
    std::uint32_t waits_without_looks_ = 0;
};

namespace detail {
extern constinit thread_local Patience patience;
}

/// Looks twenty times within a microsecond whether another core makes `done()` true, or once where that is not
/// worth it; whether it did.
template <class Done>
[[nodiscard]] bool look_often(Done done) {
    const int looks = Patience::looks();
    if (looks == 0) return false;
    Patience& mine = detail::patience;
    if (!mine.is_worth_looking()) return done();
    for (int i = 0; i < looks; ++i) {
        if (done()) {
            mine.look_ended(true);
            return true;
        }
        Patience::pause();
    }
    mine.look_ended(false);
    return false;
}

/// The same for a lock: looks seldom, for some microseconds. What is held for some tens of nanoseconds, but
/// again and again, is better left alone: every look takes the cache line away from the owner, and whoever
/// comes back later finds more done meanwhile - two workers at one queue pass on twice as many items.
/// Source: exponential backoff, Anderson, "The Performance of Spin Lock Alternatives for Shared-Memory
/// Multiprocessors" (TPDS 1990).
template <class Done>
[[nodiscard]] bool look_seldom(Done done, std::int64_t shortest) {
    if (Patience::looks() == 0) return false;
    for (std::int64_t pause = shortest; pause <= Patience::longest_pause; pause *= 2) {
        Patience::pause_for(pause);
        if (done()) return true;
    }
    return false;
}

/// Looks for a while whether `done()` is true; whether it was. It begins with
/// `look`: look_often or look_seldom.
template <class Done, class Look>
[[nodiscard]] bool patiently(Done done, Look look) {
    Patience& mine = detail::patience;
    const std::uint32_t allowance = mine.begin();
    if (allowance == 0) return false;
    if (look(done)) {
        mine.paid();
        return true;
    }
    // By the clock, since giving way costs a hundred nanoseconds here and some microseconds there.
    std::int64_t last = freethreading::detail::now();
    const std::int64_t end = last + allowance * (Patience::soon / Patience::most);
    while (last < end) {
        Patience::give_way();
        const std::int64_t now = freethreading::detail::now();
        const bool is_done = done();
        if (now - last >= Patience::soon) {
            mine.cost_too_much();
            return is_done;
        }
        if (is_done) {
            mine.paid();
            return true;
        }
        last = now;
    }
    mine.was_in_vain();
    return false;
}

template <class Done>
[[nodiscard]] bool patiently(Done done) {
    return patiently(done, look_often<Done>);
}

}  // namespace freethreading::platform
