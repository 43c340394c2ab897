#pragma once
/// \file
/// The operations of Queue and SimpleQueue. Items are texts, or parcels.

#include <string>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

template <class Traits, class Visit>
void queue_operations(Visit& visit, const Arguments<Traits>& arguments,
                      const text_type<Traits>& item) {
    visit(Operation::put, [&](auto& queue) CONFORMANCE_KIT_CALL(
                              queue.put(item, arguments.flag(1, true), arguments.timeout())));
    visit(Operation::get,
          [&](auto& queue)
              CONFORMANCE_KIT_CALL(queue.get(arguments.flag(0, true), arguments.timeout())),
          DescribeText());
    visit(Operation::put_nowait, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put_nowait(item)));
    visit(Operation::get_nowait, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get_nowait()),
          DescribeText());
    visit(Operation::qsize, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.qsize()));
    visit(Operation::empty, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.empty()));
    visit(Operation::full, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.full()));
    visit(Operation::task_done, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.task_done()));
    visit(Operation::join, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.join()));
}

template <class Traits, class Visit>
void simple_queue_operations(Visit& visit, const Arguments<Traits>&,
                             const text_type<Traits>& item) {
    visit(Operation::put, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item)));
    visit(Operation::get, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get()), DescribeText());
    visit(Operation::empty, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.empty()));
}

}  // namespace conformance::kit
