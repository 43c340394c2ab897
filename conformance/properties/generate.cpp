#include "conformance/properties/generate.hpp"

#include <rapidcheck.h>

#include <functional>

#include "conformance/properties/draft.hpp"
#include "conformance/properties/small_draft.hpp"

namespace conformance::properties {

namespace {

/// Only the value is used. RapidCheck shrinks by trying a property once per candidate, which is not
/// enough for failures that show in some runs only: see shrink.hpp.
Scenario made(const std::function<Scenario(Choices&)>& draft_with, std::uint64_t seed, int size) {
    const auto scenarios = rc::gen::exec([&] {
        Choices choices(
            [](int bound) { return *rc::gen::resize(100, rc::gen::inRange(0, bound)); });
        return draft_with(choices);
    });
    Scenario scenario = scenarios(rc::Random(seed), size).value();
    scenario.seed = seed;
    return scenario;
}

}  // namespace

Scenario generate(Family family, std::uint64_t seed, int size) {
    return made([=](Choices& choices) { return draft(family, choices, size); }, seed, size);
}

Scenario generate_small(Family family, std::uint64_t seed, bool has_rounds) {
    return made([=](Choices& choices) { return draft_small(family, choices, has_rounds); }, seed,
                100);
}

}  // namespace conformance::properties
