#include "freethreading/condition.hpp"

#include <limits>
#include <utility>

#include "freethreading/error.hpp"
#include "freethreading/platform/patience.hpp"
#include "freethreading/portable.hpp"

namespace freethreading {
namespace {
// States of a waiter. Whoever notifies one that is `waiting`, which still looks, need not wake it. The
// first change to `notified` or `late` decides what its wait returns.
constexpr std::uint32_t waiting = 0;
constexpr std::uint32_t notified = 1;
constexpr std::uint32_t late = 2;
constexpr std::uint32_t asleep = 3;
// A transaction's journal and list of wake-ups are finite.
constexpr int notified_together = 4;
}  // namespace

Condition::Condition(const Lock& lock)
    : state_(platform::make_object<State>()), lock_(lock.state_) {}
Condition::Condition(const RLock& lock)
    : state_(platform::make_object<State>()), lock_(lock.state_) {}

Condition::Condition(PortableInput& input)
    : state_(platform::object_cast<State>(input.reference())) {
    const auto reentrant = decode<bool>(input);
    lock_ = platform::OwnedLock::from(input.reference(), reentrant);
}

void Condition::save(PortableOutput& output) const {
    output.reference(state_);
    encode(output, lock_->reentrant());
    output.reference(lock_);
}

void Condition::require_held() const {
    if (!lock_->held_by_this_context())
        throw RuntimeError("wait and notify need the lock to be held by the caller");
}

void Condition::append(platform::Transaction& transaction, State& state,
                       platform::Context& waiter) {
    transaction.write(waiter.waiter.previous, state.last);
    transaction.write(waiter.waiter.next, nullptr);
    transaction.write(waiter.waiter.queued, 1);
    transaction.write(state.last != nullptr ? state.last->waiter.next : state.first, &waiter);
    transaction.write(state.last, &waiter);
}

void Condition::remove(platform::Transaction& transaction, State& state,
                       platform::Context& waiter) {
    if (waiter.waiter.queued == 0) return;
    auto* const next = waiter.waiter.next;
    auto* const previous = waiter.waiter.previous;
    transaction.write(waiter.waiter.queued, 0);
    transaction.write(previous != nullptr ? previous->waiter.next : state.first, next);
    transaction.write(next != nullptr ? next->waiter.previous : state.last, previous);
}

void Condition::waiter_died(platform::Context& dead, void* state) {
    auto* const condition = static_cast<State*>(state);
    platform::Transaction transaction;
    transaction.lock(condition->lock);
    remove(transaction, *condition, dead);
    transaction.commit();
}

void Condition::leave_queue(platform::Context& waiter) const {
    platform::Transaction transaction;
    transaction.lock(state_->lock);
    remove(transaction, *state_, waiter);
    transaction.pop_will();
    transaction.commit();
}

bool Condition::wait_until(Deadline deadline) const {
    require_held();
    platform::Context& me = platform::this_context();
    platform::Word& word = me.waiter.state;
    word.store(waiting);
    std::uint32_t depth = 0;
    {
        platform::Transaction transaction;
        transaction.lock(state_->lock);
        append(transaction, *state_, me);
        transaction.push_will({waiter_died, state_.get()});
        // One step for whoever notifies. Others may release a Lock, and even take it, at any time: then
        // this wait has not begun, and whatever is in line is undone.
        depth = lock_->release_all(transaction);
        transaction.commit();
    }
    if (deadline.expired() || !platform::patiently([&] { return word.load() != waiting; })) {
        for (std::uint32_t seen = word.load(); seen == waiting || seen == asleep;
             seen = word.load()) {
            if (deadline.expired()) {
                word.compare_exchange(seen, late);
            } else if (seen == asleep || word.compare_exchange(seen, asleep)) {
                word.wait(asleep, deadline);
            }
        }
    }
    // Before the lock is taken again: a waiter that is late must not use up a notification (COND-19).
    leave_queue(me);
    lock_->acquire_again(depth);
    return word.load() == notified;
}

void Condition::notify(std::int64_t n) const {
    require_held();
    for (bool is_first = true; n > 0; is_first = false) {
        platform::Transaction transaction;
        transaction.lock(state_->lock);
        // Nobody lines up from here on: whoever released it meanwhile did so later.
        if (is_first) require_held();
        for (int i = 0; i < notified_together && n > 0; ++i) {
            platform::Context* const waiter = state_->first;
            if (waiter == nullptr) {
                transaction.commit();
                return;
            }
            remove(transaction, *state_, *waiter);
            platform::Word& word = waiter->waiter.state;
            bool wakes = false;
            for (std::uint32_t seen = word.load(); seen == waiting || seen == asleep;) {
                // Noted first and changed before the commit: should this process die in between, the
                // waiter either stays in the list or wakes.
                if (seen == asleep && !std::exchange(wakes, true)) transaction.wake(word, 1);
                if (!word.compare_exchange(seen, notified)) continue;
                --n;
                break;
            }
        }
        transaction.commit();
    }
}

void Condition::notify_all() const {
    notify(std::numeric_limits<std::int64_t>::max());
}

}  // namespace freethreading
