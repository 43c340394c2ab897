#pragma once
/// \file
/// The operations of what calls result in: AsyncResult, ImapIterator, ExecutorMap and Future.

#include <exception>
#include <string>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/operations/callbacks.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

/// [the text], or [] for nothing.
struct DescribeNext {
    template <class Optional>
    void operator()(std::string& json, const Optional& next) const {
        json += '[';
        if (next) json += static_cast<const std::string&>(*next);
        json += ']';
    }
};

/// The kind of an exception, or null.
template <class Traits>
struct DescribeException {
    void operator()(std::string& json, const std::exception_ptr& failure) const {
        if (failure) {
            append_quoted(json, to_string(Traits::classify(failure)));
        } else {
            json += "null";
        }
    }
};

template <class Traits, class Visit>
void async_result_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::get, [&](auto& result) CONFORMANCE_KIT_CALL(result.get(arguments.timeout())),
          DescribeText());
    visit(
        Operation::wait, [&](auto& result) CONFORMANCE_KIT_CALL(result.wait(arguments.timeout())));
    visit(Operation::ready, [&](auto& result) CONFORMANCE_KIT_CALL(result.ready()));
    visit(Operation::successful, [&](auto& result) CONFORMANCE_KIT_CALL(result.successful()));
}

template <class Traits, class Visit>
void imap_iterator_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::next,
          [&](auto& iterator) CONFORMANCE_KIT_CALL(iterator.next(arguments.timeout())),
          DescribeNext());
}

template <class Traits, class Visit>
void executor_map_results_operations(Visit& visit, const Arguments<Traits>&) {
    visit(Operation::next, [&](auto& results) CONFORMANCE_KIT_CALL(results.next()), DescribeNext());
}

template <class Traits>
Callback<Traits> done_callback(const Arguments<Traits>& arguments, Id future) {
    Environment<Traits>& environment = arguments.environment();
    return {arguments, arguments.list(0), environment.local(environment.origin_of(future))};
}

template <class Traits, class Visit>
void future_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call) {
    visit(Operation::result,
          [&](auto& future) CONFORMANCE_KIT_CALL(future.result(arguments.timeout())),
          DescribeText());
    visit(Operation::exception,
          [&](auto& future) CONFORMANCE_KIT_CALL(future.exception(arguments.timeout())),
          DescribeException<Traits>());
    visit(Operation::done, [&](auto& future) CONFORMANCE_KIT_CALL(future.done()));
    visit(Operation::running, [&](auto& future) CONFORMANCE_KIT_CALL(future.running()));
    visit(Operation::cancelled, [&](auto& future) CONFORMANCE_KIT_CALL(future.cancelled()));
    visit(Operation::cancel, [&](auto& future) CONFORMANCE_KIT_CALL(future.cancel()));
    visit(Operation::add_done_callback, [&](auto& future)
                                            CONFORMANCE_KIT_CALL(future.add_done_callback(
                                                done_callback(arguments, call.object))));
}

}  // namespace conformance::kit
