#pragma once
/// \file
/// The operations of Condition.

#include "conformance/kit/operations/guarded_block.hpp"

namespace conformance::kit {

template <class Traits, class Visit>
void condition_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::acquire, [&](auto& condition) CONFORMANCE_KIT_CALL(
                                  condition.acquire(arguments.flag(0, true), arguments.timeout())));
    visit(Operation::release, [&](auto& condition) CONFORMANCE_KIT_CALL(condition.release()));
    guarded_block_operation(visit, arguments);
    visit(Operation::wait, [&](auto& condition)
                               CONFORMANCE_KIT_CALL(condition.wait(arguments.timeout())));
    const auto holds = [&arguments] {
        return arguments.cell(0).read() >= arguments.number(1);  // rule 5.9
    };
    visit(Operation::wait_for, [&](auto& condition) CONFORMANCE_KIT_CALL(
                                   condition.wait_for(holds, arguments.timeout())));
    visit(Operation::notify, [&](auto& condition)
                                 CONFORMANCE_KIT_CALL(condition.notify(arguments.number(0, 1))));
    visit(Operation::notify_all, [&](auto& condition) CONFORMANCE_KIT_CALL(condition.notify_all()));
}

}  // namespace conformance::kit
