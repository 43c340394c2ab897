#pragma once
/// \file
/// A scenario: the objects, and for every worker the calls it makes. Data only; nothing runs here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "call.hpp"

namespace conformance {

/// Types of objects by the API's names; a Cell is plain shared memory, without synchronisation,
/// that the driver provides.
enum class Type : std::uint8_t {
    Lock, RLock, Semaphore, BoundedSemaphore, Condition, Event, Barrier, Queue, SimpleQueue,
    WorkerPool, WorkerPoolExecutor, AsyncResult, ImapIterator, ExecutorMap, Future, Cell
};
