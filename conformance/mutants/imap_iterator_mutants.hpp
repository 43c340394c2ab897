#pragma once
/// \file
/// Iterators over the results of a pool that are wrong.

#include <deque>
#include <exception>
#include <optional>
#include <utility>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

template <class R>
class MutantImapIterator : public ft::ImapIterator<R> {
    using Base = ft::ImapIterator<R>;

  public:
    MutantImapIterator(Base iterator, bool has_chunks, bool may_raise_itself)
        : Base(std::move(iterator)), has_chunks_(has_chunks), may_raise_itself_(may_raise_itself) {}

    [[nodiscard]] std::optional<R> next(ft::Timeout timeout = {}) {
        if (is_over_) return std::nullopt;
        if (present<"imap_iterator_next_gives_up_at_half_time", "IMAP-4 GEN-9", "IMAP-*">())
            timeout = half_of(timeout);
        if (present<"imap_iterator_next_without_time_blocks", "IMAP-4 GEN-4 GEN-5",
                    "IMAP-* POOL-13">() &&
            has_no_time(timeout))
            timeout = {};
        if (present<"imap_iterator_raises_a_failure_twice", "IMAP-3", "IMAP-*">() && failure_)
            std::rethrow_exception(std::exchange(failure_, nullptr));
        try {
            std::optional<R> result = next_by_turns(timeout);
            if (present<"imap_iterator_blocks_when_asked_beyond_its_end", "IMAP-1", "IMAP-*">() &&
                !result && std::exchange(has_ended_, true))
                wait_in_vain(timeout);
            return result;
        } catch (const ft::TimeoutError&) {
            if (present<"imap_iterator_ends_when_a_result_is_late", "IMAP-4", "IMAP-*">())
                is_over_ = true;
            throw;
        } catch (...) {
            if (present<"imap_iterator_ends_when_an_item_fails", "IMAP-2", "IMAP-*">())
                is_over_ = true;
            if (present<"imap_iterator_leaves_out_what_failed", "IMAP-2", "IMAP-*">() &&
                !has_chunks_)
                return next(timeout);
            if (present<"imap_iterator_hides_a_failure_of_a_chunk", "IMAP-3", "IMAP-*">() &&
                has_chunks_)
                return std::nullopt;
            if (present<"imap_iterator_hides_what_its_input_raises", "IMAP-6">() &&
                may_raise_itself_)
                return std::nullopt;
            if (has_chunks_) failure_ = std::current_exception();
            throw;
        }
    }

  private:
    /// In pairs, if that is wanted, the second one first.
    std::optional<R> next_by_turns(ft::Timeout timeout) {
        if (present<"imap_iterator_delivers_when_all_is_done", "POOL-13", "IMAP-*">())
            return next_of_all();
        if (!present<"imap_iterator_swaps_neighbours", "IMAP-1", "IMAP-* POOL-*">())
            return Base::next(timeout);
        if (!swapped_) {
            swapped_ = Base::next(timeout);
            if (auto second = swapped_ ? Base::next(timeout) : std::nullopt) return second;
        }
        return std::exchange(swapped_, std::nullopt);
    }

    std::optional<R> next_of_all() {
        while (auto result = Base::next())
            all_.push_back(*std::move(result));
        if (all_.empty()) return std::nullopt;
        std::optional<R> first = std::move(all_.front());
        all_.pop_front();
        return first;
    }

    bool has_chunks_;
    bool may_raise_itself_;  // its input
    bool is_over_ = false;
    bool has_ended_ = false;
    std::exception_ptr failure_{};
    std::optional<R> swapped_{};
    std::deque<R> all_{};
};

}  // namespace conformance::mutants
