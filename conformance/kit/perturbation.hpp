#pragma once
/// \file
/// What may precede a call, to bring forth other interleavings (rule 5.6): a yield, a short sleep, most
/// times some spinning; and some workers are bound to one processor. At 100 percent it is spinning
/// alone, of one order of magnitude in a run, so that rounds stay fast. Used by one thread.

#include <sched.h>
#include <time.h>

#include <cstdint>
#include <optional>

#include "conformance/kit/processor_binding.hpp"
#include "spec/scenario/value.hpp"

namespace conformance::kit {

class Perturbation {
  public:
    Perturbation(int percent, std::uint64_t seed, std::int32_t worker)
        : percent_(static_cast<std::uint64_t>(percent)),
          state_(hash_of_both(seed, static_cast<std::size_t>(worker))) {
        // Not the main worker: the threads that it starts would be bound with it.
        if (percent_ > 0 && worker != 0) bind(seed);
        if (percent_ >= 100) longest_spin_ = std::uint64_t{1} << (3 + next() % orders_of_jitter);
    }

    void operator()() {
        if (percent_ == 0) return;
        if (longest_spin_ > 0) return spin(next() % longest_spin_);
        if (next() % 100 >= percent_) return;
        const std::uint64_t choice = next();
        switch (choice % 6) {
            case 0:
                sched_yield();
                break;
            case 1:
            case 2: {
                const timespec time{.tv_sec = 0,
                                    .tv_nsec = static_cast<long>(choice / 6 % longest_sleep)};
                nanosleep(&time, nullptr);
                break;
            }
            default:
                spin(some_spins(choice / 6));
        }
    }

  private:
    /// In a quarter of all runs all workers to the same one: who wakes another there is often preempted by
    /// it, wherever that is. Else a third of the workers, each to some processor.
    void bind(std::uint64_t seed) {
        const std::uint64_t common = hash_of_both(seed, workers_together);
        if (common % 4 == 0) {
            binding_.emplace(common / 4);
        } else if (next() % 3 == 0) {
            binding_.emplace(next());
        }
    }

    static constexpr std::size_t workers_together = ~std::size_t{0};
    static constexpr std::uint64_t longest_sleep = 200'000;  // nanoseconds
    static constexpr std::uint64_t orders_of_spins = 17;     // powers of two
    /// Each worker has its own, up to some microseconds: two calls collide if one of them is held back
    /// for as long as the other takes to come, and that time is much the same in every round.
    static constexpr std::uint64_t orders_of_jitter = 13;

    static void spin(std::uint64_t iterations) {
        for (; iterations > 0; --iterations)
            asm volatile("" ::: "memory");
    }

    /// Of every order of magnitude as often, from one iteration to about 130,000: windows may be some
    /// nanoseconds or some microseconds long, and a delay that is to meet one has to be about as long.
    static std::uint64_t some_spins(std::uint64_t choice) {
        const std::uint64_t least = std::uint64_t{1} << choice % orders_of_spins;
        return least + choice / orders_of_spins % least;
    }

    std::uint64_t next() { return state_ = hash_of_both(state_, 1); }

    std::uint64_t percent_;
    std::uint64_t state_;
    std::uint64_t longest_spin_ = 0;  ///< nothing but spinning, if it is not 0
    std::optional<ProcessorBinding> binding_;
};

}  // namespace conformance::kit
