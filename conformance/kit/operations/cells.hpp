#pragma once
/// \file
/// The operations of Cell, which is the kit's own.

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

template <class Traits, class Visit>
void cell_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::read, [&](auto& cell) CONFORMANCE_KIT_CALL(cell.read()));
    visit(Operation::write, [&](auto& cell) CONFORMANCE_KIT_CALL(cell.write(arguments.number(0))));
    visit(Operation::add, [&](auto& cell) CONFORMANCE_KIT_CALL(cell.add(arguments.number(0, 1))));
}

}  // namespace conformance::kit
