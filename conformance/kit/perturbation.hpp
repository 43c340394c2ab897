#pragma once
/// \file
/// What may precede a call, to bring forth other interleavings (rule 5.6): a yield, a short sleep, some
/// spinning; and a third of the workers is bound to one processor. Used by one thread.

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
        if (percent_ > 0 && worker != 0 && next() % 3 == 0) binding_.emplace(next());
    }

    void operator()() {
        if (percent_ == 0 || next() % 100 >= percent_) return;
        const std::uint64_t choice = next();
        switch (choice % 3) {
            case 0:
                sched_yield();
                break;
            case 1: {
                const timespec time{.tv_sec = 0,
                                    .tv_nsec = static_cast<long>(choice / 3 % longest_sleep)};
                nanosleep(&time, nullptr);
                break;
            }
            default:
                for (std::uint64_t i = choice / 3 % longest_spin; i > 0; --i)
                    asm volatile("" ::: "memory");
        }
    }

  private:
    static constexpr std::uint64_t longest_sleep = 200'000;  // nanoseconds
    static constexpr std::uint64_t longest_spin = 20'000;    // iterations

    std::uint64_t next() { return state_ = hash_of_both(state_, 1); }

    std::uint64_t percent_;
    std::uint64_t state_;
    std::optional<ProcessorBinding> binding_;
};

}  // namespace conformance::kit
