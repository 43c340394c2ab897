#include "conformance/properties/generate.hpp"

#include <rapidcheck.h>

#include "conformance/properties/draft.hpp"

namespace conformance::properties {

Scenario generate(Family family, std::uint64_t seed, int size) {
    // Only the value is used. RapidCheck shrinks by trying a property once per candidate, which is
    // not enough for failures that show in some runs only: see shrink.hpp.
    const auto scenarios = rc::gen::exec([=] {
        Choices choices(
            [](int bound) { return *rc::gen::resize(100, rc::gen::inRange(0, bound)); });
        return draft(family, choices, size);
    });
    Scenario scenario = scenarios(rc::Random(seed), size).value();
    scenario.seed = seed;
    return scenario;
}

}  // namespace conformance::properties
