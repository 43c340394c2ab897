// The driver of the mutants:
//
//     mutant-driver --mutant lock_is_reentrant
//     mutant-driver --list     a line of JSON for each
//     mutant-driver            none: the reference

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/mutant_traits.hpp"

namespace {

using conformance::mutants::known_mutants;
using conformance::mutants::Mutant;

constexpr int usage_error = 2;

int list() {
    // Names and ids are words: nothing in them needs to be escaped.
    for (const Mutant& mutant : known_mutants()) {
        std::cout << "{\"name\":\"" << mutant.name << "\",\"must_fail\":\"" << mutant.must_fail
                  << "\",\"may_fail\":\"" << mutant.may_fail << "\",\"backends\":\""
                  << mutant.backends << "\"}\n";
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments[0] == "--list") return list();
    if (arguments.size() == 2 && arguments[0] == "--mutant") {
        if (!std::ranges::count(known_mutants(), arguments[1], &Mutant::name)) {
            std::cerr << "mutant-driver: there is no mutant \"" << arguments[1]
                      << "\"; --list names them\n";
            return usage_error;
        }
        conformance::mutants::chosen_mutant() = arguments[1];
    } else if (!arguments.empty()) {
        std::cerr << "usage: mutant-driver [--mutant NAME | --list]\n";
        return usage_error;
    }
    return conformance::kit::run_driver<conformance::mutants::MutantTraits>(1, argv);
}
