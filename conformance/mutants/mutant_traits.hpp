#pragma once
/// \file
/// The reference with all mutants, of which at most one is present.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/drivers/reference/reference_traits.hpp"
#include "conformance/mutants/async_result_mutants.hpp"
#include "conformance/mutants/barrier_mutants.hpp"
#include "conformance/mutants/condition_mutants.hpp"
#include "conformance/mutants/current_worker_mutants.hpp"
#include "conformance/mutants/event_mutants.hpp"
#include "conformance/mutants/future_mutants.hpp"
#include "conformance/mutants/general_mutants.hpp"
#include "conformance/mutants/imap_iterator_mutants.hpp"
#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/queue_mutants.hpp"
#include "conformance/mutants/rlock_mutants.hpp"
#include "conformance/mutants/semaphore_mutants.hpp"
#include "conformance/mutants/with_mutants.hpp"
#include "conformance/mutants/worker_mutants.hpp"
#include "conformance/mutants/worker_pool_executor_mutants.hpp"
#include "conformance/mutants/worker_pool_mutants.hpp"

namespace conformance::mutants {

struct MutantTraits : ReferenceTraits {
    static constexpr std::string_view name = "mutant of the reference";

    using Lock = MutantLock;
    using RLock = MutantRLock;
    using Semaphore = MutantSemaphore;
    using BoundedSemaphore = MutantBoundedSemaphore;
    using Event = MutantEvent;
    using Condition = MutantCondition;
    using Barrier = MutantBarrier;
    template <class T>
    using Queue = MutantQueue<T>;
    template <class T>
    using SimpleQueue = MutantSimpleQueue<T>;
    using Worker = MutantWorker;
    using WorkerPool = MutantWorkerPool;
    using WorkerPoolExecutor = MutantWorkerPoolExecutor;
    template <class T>
    using AsyncResult = MutantAsyncResult<T>;
    template <class T>
    using ImapIterator = MutantImapIterator<T>;
    template <class T>
    using ExecutorMap = MutantExecutorMap<T>;
    template <class T>
    using Future = MutantFuture<T>;

    template <class Target, class... Arguments>
    static Worker make_worker(std::string worker_name, std::optional<bool> daemon, Target target,
                              const Arguments&... arguments) {
        return Worker::make(std::move(worker_name), daemon, target, arguments...);
    }
    static std::string_view get_backend() { return utilities::get_backend(); }
    static std::uint64_t get_ident() { return utilities::get_ident(); }
    static auto current_worker() { return utilities::current_worker(); }
    static std::size_t active_count() { return utilities::active_count(); }
    static auto active_children() { return utilities::active_children(); }
    static auto enumerate() { return utilities::enumerate(); }

    static freethreading::Timeout timeout(TimeLimit limit) {
        return altered_limit(limit, &ReferenceTraits::timeout);
    }

    template <class Lockable, class Body>
    static void with(const Lockable& lock, const Body& body) {
        guarded_block(lock, body);
    }
};

}  // namespace conformance::mutants
