#include "freethreading/event.hpp"

#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/transaction.hpp"

namespace freethreading {
namespace {

// One word: bit 0, the flag; bit 1, somebody may be asleep; above, how often the flag was raised. A
// waiter that finds the number changed knows that the flag was up meanwhile. It would be deceived
// only by 2^30 changes between two of its looks.
constexpr std::uint32_t flag = 1;
constexpr std::uint32_t sleepers = 2;
constexpr std::uint32_t generation = 4;

bool raised_since(std::uint32_t begin, std::uint32_t now) {
    return (now & flag) != 0 || (now ^ begin) >= generation;
}

}  // namespace

Event::Event() : state_(platform::make_object<State>()) {}

Event::Event(PortableInput& input) : state_(platform::object_cast<State>(input.reference())) {}

bool Event::is_set() const {
    return (state_->word.load() & flag) != 0;
}

void Event::set() const {
    platform::Word& word = state_->word;
    std::uint32_t seen = word.load();
    do {
        if ((seen & flag) != 0) return;
        if ((seen & sleepers) != 0) break;
    } while (!word.compare_exchange(seen, (seen + generation) | flag));
    if ((seen & sleepers) == 0) return;
    const platform::Attention attention(word);
    do {
        if ((seen & flag) != 0) return;
    } while (!word.compare_exchange(seen, ((seen + generation) & ~sleepers) | flag));
    word.wake_all();
}

void Event::clear() const {
    std::uint32_t seen = state_->word.load();
    while ((seen & flag) != 0 && !state_->word.compare_exchange(seen, seen & ~flag)) {
    }
}

bool Event::wait(Timeout timeout) const {
    platform::Word& word = state_->word;
    const std::uint32_t begin = word.load();
    if ((begin & flag) != 0) return true;
    const Deadline deadline = Deadline::after(timeout);
    if (deadline.expired()) return false;
    if (platform::patiently([&] { return raised_since(begin, word.load()); })) return true;
    for (;;) {
        std::uint32_t seen = word.load();
        if (raised_since(begin, seen)) return true;
        if (deadline.expired()) return false;
        if ((seen & sleepers) == 0 && !word.compare_exchange(seen, seen | sleepers)) continue;
        word.wait(seen | sleepers, deadline);
    }
}

}  // namespace freethreading
