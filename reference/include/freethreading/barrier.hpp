#pragma once
/// \file
/// A point that workers pass together.
///
///     void runner(freethreading::Barrier checkpoint) {
///         prepare();
///         checkpoint.wait();   // nobody passes before the last one has arrived
///         run();
///     }
///
/// Memory ordering: what any of the workers of a generation did before its `wait` happens before
/// the action, and the action before what any of them does after its `wait` returned.

#include <cstdint>
#include <memory>

#include "freethreading/integer.hpp"
#include "freethreading/platform/bell.hpp"
#include "freethreading/platform/context.hpp"
#include "freethreading/platform/message.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same barrier, also in other workers. Fulfils GEN-12.
class Barrier {
  public:
    /// For `parties` workers at a time, who wait for `default_timeout` unless they say otherwise.
    /// Throws ValueError if `parties` is not positive, ResourceError if there is no memory. Fulfils
    /// BARRIER-1 to BARRIER-3, BARRIER-13.
    explicit Barrier(Integer parties, Timeout default_timeout = {});

    /// Besides, the last worker to arrive calls `action` (a function or a lambda without captures)
    /// before anyone passes. It must not use `wait`, `abort` or `reset` of the same barrier. What
    /// it throws reaches that worker, and breaks the barrier for the others. Fulfils BARRIER-7,
    /// BARRIER-8.
    template <PortableTarget Action>
    Barrier(Integer parties, Action action, Timeout default_timeout = {})
        : Barrier(parties, default_timeout) {
        PortableOutput call;
        const Invoker invoker = encode_call(call, action);
        set_action(invoker, call);
    }

    /// Waits for the others, for `timeout` at most; returns the caller's place in the order of
    /// arrival, from 0. A time-out of zero or less is over at once for all but the last. None means
    /// the default time-out. Throws BrokenBarrierError if the barrier is broken, or is broken or
    /// reset meanwhile; by a time-out, or the death of a waiting worker, too. While the action runs
    /// no time-out counts. Fulfils BARRIER-4 to BARRIER-6, BARRIER-9, BARRIER-11 to BARRIER-14,
    /// GEN-4, GEN-5, FAULT-7.
    std::int64_t wait(Timeout timeout = {}) const;

    /// Sends everybody who waits away with BrokenBarrierError and begins anew; mends a broken
    /// barrier. Blocks while an action runs. Throws RuntimeError if called by the barrier's own
    /// action. Fulfils BARRIER-10, BARRIER-16, FAULT-7.
    void reset() const;
    /// Breaks the barrier, for those who wait and those who come, until `reset`. Blocks and throws
    /// as `reset`. Fulfils BARRIER-10, BARRIER-15, FAULT-7.
    void abort() const;

    /// How many pass together; how many wait at this moment; whether it is broken. Fulfils
    /// BARRIER-1, BARRIER-9, BARRIER-17.
    [[nodiscard]] std::int64_t parties() const;
    [[nodiscard]] std::int64_t n_waiting() const;
    [[nodiscard]] bool broken() const;

    /// For transport to another worker.
    explicit Barrier(PortableInput& input);
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    struct State;
    // The workers that wait together: each keeps to the generation it came to, however late it
    // wakes.
    struct Generation {
        State* barrier;
        std::uint64_t outcome;  // undecided, passed or broken
        std::uint64_t members;  // workers that have not left yet
    };
    struct State : platform::Object {
        platform::InternalLock lock;
        platform::Bell changes;  // rings at decisions; what everybody sleeps on
        std::uint64_t parties = 0;
        std::uint64_t broken = 0;
        std::uint64_t acting = 0;       // id of the context that runs the action
        Generation* current = nullptr;  // the one that newcomers join
        Timeout default_timeout{};
        Invoker action = nullptr;
        platform::Message* action_call = nullptr;
    };

    // How a wait begins. Without a generation it is over: the last one has sent all on their way.
    struct Arrival {
        Generation* generation;
        std::uint64_t place;
        std::uint32_t seen;  // of the bell, when it joined
    };

    void set_action(Invoker invoker, const PortableOutput& call);
    static void destroy(platform::Object* object);
    static void member_died(platform::Context& dead, void* generation);
    static void decide(platform::Transaction& transaction, Generation& generation,
                       std::uint64_t outcome);
    static void leave(platform::Transaction& transaction, Generation& generation);
    template <class Step>
    auto while_no_action_runs(Step step) const;
    Arrival arrive(platform::Transaction& transaction) const;
    void act(Generation& generation) const;

    std::shared_ptr<State> state_;
};

}  // namespace freethreading
