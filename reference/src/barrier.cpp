#include "freethreading/barrier.hpp"

#include <climits>
#include <exception>
#include <string>

#include "freethreading/error.hpp"

namespace freethreading {
namespace {
constexpr std::uint64_t undecided = 0;
constexpr std::uint64_t passed = 1;
constexpr std::uint64_t broken_up = 2;
}  // namespace

Barrier::Barrier(Integer count, Timeout default_timeout) {
    const std::int64_t parties = count;
    if (parties <= 0)
        throw ValueError("a barrier needs at least one party, not " + std::to_string(parties));
    state_ = platform::make_object_with<State>(destroy);
    state_->parties = static_cast<std::uint64_t>(parties);
    state_->default_timeout = default_timeout;
}

Barrier::Barrier(PortableInput& input)
    : state_(platform::object_cast<State>(input.reference(), destroy)) {}

void Barrier::set_action(Invoker invoker, const PortableOutput& call) {
    platform::Message* const message = platform::make_message(call);
    platform::Transaction transaction;
    transaction.lock_soon(state_->lock);
    transaction.write(state_->action, invoker);
    transaction.write(state_->action_call, message);
    platform::hand_over(transaction, message);
    transaction.commit();
}

void Barrier::destroy(platform::Object* object) {
    auto* const state = static_cast<State*>(object);
    if (platform::Message* const call = state->action_call; call != nullptr) {
        platform::Transaction transaction;
        transaction.write(state->action_call, nullptr);
        platform::take_over(transaction, call, platform::release_message);
        transaction.commit();
        platform::release_message(call);
    }
    platform::release_plain(state);
}

// While an action runs the barrier stands still: nobody joins, breaks or resets it.
template <class Step>
auto Barrier::while_no_action_runs(Step step) const {
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        {
            platform::Transaction transaction;
            transaction.lock_soon(state_->lock);
            if (state_->acting == 0) {
                const auto result = step(transaction);
                transaction.commit();
                return result;
            }
            if (state_->acting == platform::this_context_id())
                throw RuntimeError("the action of a barrier must not use the barrier itself");
            if (!patient) state_->changes.remember_sleepers();
            seen = state_->changes.load();
        }
        if (patient) {
            patient = state_->changes.rings_soon(seen);
        } else {
            state_->changes.wait(seen);
        }
    }
}

void Barrier::decide(platform::Transaction& transaction, Generation& generation,
                     std::uint64_t outcome) {
    State& barrier = *generation.barrier;
    barrier.changes.ring(transaction, INT_MAX);
    transaction.write(generation.outcome, outcome);
    transaction.write(barrier.current, nullptr);
}

void Barrier::leave(platform::Transaction& transaction, Generation& generation) {
    transaction.write(generation.members, generation.members - 1);
    if (generation.members == 0) platform::free_block(transaction, &generation);
}

void Barrier::member_died(platform::Context& dead, void* object) {
    auto& generation = *static_cast<Generation*>(object);
    State& barrier = *generation.barrier;
    platform::Transaction transaction;
    transaction.lock_soon(barrier.lock);
    if (barrier.acting == dead.id) transaction.write(barrier.acting, 0);
    if (generation.outcome == undecided) {
        transaction.write(barrier.broken, 1);
        decide(transaction, generation, broken_up);
    }
    leave(transaction, generation);
    transaction.commit();
}

void Barrier::act(Generation& generation) const {
    std::exception_ptr failure;
    try {
        const platform::ReceivedMessage call(state_->action_call, platform::ReceivedMessage::keep);
        PortableInput input = call.input();
        state_->action(input, nullptr);
    } catch (...) {
        failure = std::current_exception();
    }
    platform::Transaction transaction;
    transaction.lock_soon(state_->lock);
    transaction.write(state_->acting, 0);
    if (failure) transaction.write(state_->broken, 1);
    decide(transaction, generation, failure ? broken_up : passed);
    leave(transaction, generation);
    transaction.pop_will();
    transaction.commit();
    if (failure) std::rethrow_exception(failure);
}

Barrier::Arrival Barrier::arrive(platform::Transaction& transaction) const {
    State& barrier = *state_;
    if (barrier.broken != 0) throw BrokenBarrierError("the barrier is broken");
    Generation* generation = barrier.current;
    const std::uint64_t place = generation == nullptr ? 0 : generation->members;
    const bool last = place + 1 == barrier.parties;
    if (last && barrier.action == nullptr) {
        // Never a member, so that it need not come back to leave, just when the others do.
        if (generation != nullptr) decide(transaction, *generation, passed);
        return {.generation = nullptr, .place = place, .seen = 0};
    }
    if (generation == nullptr) {
        generation = static_cast<Generation*>(
            platform::allocate(transaction, sizeof(Generation), platform::release_plain));
        *generation = {.barrier = &barrier, .outcome = undecided, .members = 0};
        platform::hand_over(transaction, generation);
        transaction.write(barrier.current, generation);
    }
    transaction.write(generation->members, place + 1);
    transaction.push_will({member_died, generation});
    if (last) transaction.write(barrier.acting, platform::this_context_id());
    return {.generation = generation, .place = place, .seen = barrier.changes.load()};
}

std::int64_t Barrier::wait(Timeout timeout) const {
    const Deadline deadline =
        Deadline::after(timeout.is_none() ? state_->default_timeout : timeout);
    State& barrier = *state_;
    const Arrival mine = while_no_action_runs(
        [this](platform::Transaction& transaction) { return arrive(transaction); });
    const auto place = static_cast<std::int64_t>(mine.place);
    if (mine.generation == nullptr) return place;
    if (mine.place + 1 == barrier.parties) {
        act(*mine.generation);
        return place;
    }
    std::uint32_t seen = mine.seen;
    for (bool patient = true;;) {
        patient = patient && !deadline.expired() && barrier.changes.rings_soon(seen);
        bool acting = false;
        {
            platform::Transaction transaction;
            transaction.lock_soon(barrier.lock);
            acting = barrier.acting != 0;
            if (mine.generation->outcome == undecided && !acting && deadline.expired()) {
                transaction.write(barrier.broken, 1);
                decide(transaction, *mine.generation, broken_up);
            }
            if (const auto outcome = mine.generation->outcome; outcome != undecided) {
                leave(transaction, *mine.generation);
                transaction.pop_will();
                transaction.commit();
                if (outcome == broken_up)
                    throw BrokenBarrierError(
                        "the barrier was broken or reset while the worker waited");
                return place;
            }
            if (!patient) barrier.changes.remember_sleepers();
            seen = barrier.changes.load();
        }
        if (!patient) barrier.changes.wait(seen, acting ? Deadline::never() : deadline);
    }
}

void Barrier::reset() const {
    while_no_action_runs([&](platform::Transaction& transaction) {
        if (state_->current != nullptr) decide(transaction, *state_->current, broken_up);
        transaction.write(state_->broken, 0);
        return true;
    });
}

void Barrier::abort() const {
    while_no_action_runs([&](platform::Transaction& transaction) {
        if (state_->current != nullptr) decide(transaction, *state_->current, broken_up);
        transaction.write(state_->broken, 1);
        return true;
    });
}

std::int64_t Barrier::parties() const {
    return static_cast<std::int64_t>(state_->parties);
}

std::int64_t Barrier::n_waiting() const {
    platform::Transaction transaction;
    transaction.lock_soon(state_->lock);
    return state_->current != nullptr ? static_cast<std::int64_t>(state_->current->members) : 0;
}

bool Barrier::broken() const {
    platform::Transaction transaction;
    transaction.lock_soon(state_->lock);
    return state_->broken != 0;
}

}  // namespace freethreading
