#pragma once
/// \file
/// Binds the calling thread to one processor for a while: workers on the same one cannot overlap but by
/// preemption, on different ones they truly do. Used by one thread.
///
///     const ProcessorBinding bound(choice);  // to the processor number `choice`, of those it may use

#include <sched.h>

#include <cstdint>

namespace conformance::kit {

class ProcessorBinding {
  public:
    /// Does nothing where the thread may use one processor only, or the system refuses.
    explicit ProcessorBinding(std::uint64_t choice) {
        if (sched_getaffinity(0, sizeof before_, &before_) != 0) return;
        const int count = CPU_COUNT(&before_);
        if (count < 2) return;
        auto left = static_cast<int>(choice % static_cast<std::uint64_t>(count));
        int processor = 0;
        while (!CPU_ISSET(processor, &before_) || left-- > 0)
            ++processor;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        is_bound_ = sched_setaffinity(0, sizeof one, &one) == 0;
    }
    ~ProcessorBinding() {
        if (is_bound_) sched_setaffinity(0, sizeof before_, &before_);
    }
    ProcessorBinding(const ProcessorBinding&) = delete;
    ProcessorBinding& operator=(const ProcessorBinding&) = delete;

  private:
    cpu_set_t before_{};
    bool is_bound_ = false;
};

}  // namespace conformance::kit
