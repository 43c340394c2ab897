#include "freethreading/platform/transaction.hpp"

#include <sys/mman.h>

#include "freethreading/error.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/process.hpp"

namespace freethreading::platform {
namespace {
constexpr std::uint32_t contended = 0x8000'0000;
}  // namespace

void InternalLock::acquire(Context& context, std::int64_t pause) {
    // Intent first: were the process killed between taking the lock and noting it, nobody would
    // know to free it.
    context.held.push(*this);
    std::uint32_t seen = 0;
    if (word_.compare_exchange(seen, context.slot + 1)) return;
    try {
        acquire_slowly(context.slot + 1, pause);
    } catch (...) {
        context.held.pop();
        throw;
    }
}

void InternalLock::acquire_slowly(std::uint32_t mine, std::int64_t pause) {
    const auto take = [&] {
        std::uint32_t seen = 0;
        return word_.load() == 0 && word_.compare_exchange(seen, mine);
    };
    // Pauses without patience too, since the owner is no worker that has to be waited for: to find it without
    // its core is rare, and then costs little more than the sleep does.
    if (look_seldom(take, pause) || patiently(take)) return;
    for (;;) {
        std::uint32_t seen = word_.load();
        if (seen == 0) {
            // Others may be asleep still, and only `contended` makes the next release wake one.
            if (word_.compare_exchange(seen, mine | contended)) return;
            continue;
        }
        if ((seen & contended) == 0 && !word_.compare_exchange(seen, seen | contended)) continue;
        require_fork_server();
        if (const auto repair = repair_while_waiting(); repair != nullptr) {
            repair();
            word_.wait(seen | contended, Deadline::after(std::chrono::milliseconds(5)));
        } else {
            word_.wait(seen | contended);
        }
    }
}

void InternalLock::release(Context& context) {
    if ((word_.exchange(0) & contended) != 0) word_.wake(1);
    context.held.pop();
}

void InternalLock::repair(std::uint32_t slot) {
    if ((word_.load() & ~contended) == slot + 1) word_.store(0);
    word_.wake_all();
}

void Transaction::lock_after(InternalLock& lock, std::int64_t pause) {
    if (!context_.held.contains(lock)) lock.acquire(context_, pause);
}

void Transaction::push_will(Context::Will will) {
    if (context_.will_count == context_.wills.size())
        throw RuntimeError("waiting calls are nested too deeply in actions of barriers");
    // The place may be that of one taken back in this transaction, which a death would bring to life again.
    auto& place = context_.wills[context_.will_count];
    write(place.execute, will.execute);
    write(place.object, will.object);
    write(context_.will_count, context_.will_count + 1);
}

void Transaction::wake(Word& word, int count) {
    context_.attention.push(word);
    wakes_[wakes_count_++] = {&word, count};
}

void Transaction::unlock_all() {
    while (context_.held.size() > 0)
        context_.held.last().release(context_);
}

void Transaction::commit() {
    context_.journal.forget();
    committed_ = true;
    if (owned_ != 0) count_owned_blocks(owned_);
    // Only now: pages discarded before the commit would be lost if it never came.
    if (discarded_.size > 0) madvise(discarded_.begin, discarded_.size, MADV_REMOVE);
    unlock_all();
    for (std::uint32_t i = 0; i < wakes_count_; ++i)
        wakes_[i].word->wake(wakes_[i].count);
    for (; wakes_count_ > 0; --wakes_count_)
        context_.attention.pop();
}

Transaction::~Transaction() {
    if (committed_) return;
    context_.journal.roll_back();
    unlock_all();
    for (; wakes_count_ > 0; --wakes_count_)
        context_.attention.pop();
}

}  // namespace freethreading::platform
