#pragma once
/// \file
/// Where workers wait for one another before their first call (rule 5.5). Lies in shared memory.
///
/// The last to come fixes a moment, shortly ahead, so that those who sleep are awake by then; all
/// spin until it has come. Memory ordering: none on purpose, or a race detector would see order
/// that the implementation did not make.

#include <atomic>
#include <cstdint>

#include "conformance/kit/shared_word.hpp"

namespace conformance::kit {

class Alignment {
  public:
    /// For so many workers. Before any of them runs.
    void prepare(std::uint32_t expected);
    /// Says that the caller is here. Never blocks.
    void arrive();
    /// Blocks until all have come.
    void await_start();
    /// One of them will not come.
    void leave_out_one();

  private:
    void start_if_complete();

    SharedWord expected_;
    SharedWord come_;
    SharedWord started_;
    std::atomic<std::int64_t> moment_;
};

}  // namespace conformance::kit
