#pragma once
/// \file
/// The items of a map, of which reading raises: for IMAP-6.

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "conformance/kit/parcel.hpp"
#include "spec/scenario/call.hpp"

namespace conformance::kit {

/// A range that raises Other where the item after the first `count` would come, or the end: when
/// it is asked to go there, as a generator does.
template <class Traits>
class RaisingTexts {
  public:
    RaisingTexts(std::vector<text_type<Traits>> texts, std::size_t count)
        : texts_(std::move(texts)), count_(count) {}

    class Iterator {
      public:
        using value_type = text_type<Traits>;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(const RaisingTexts& range) : range_(&range) { arrive(); }
        const text_type<Traits>& operator*() const { return range_->texts_[place_]; }
        Iterator& operator++() {
            ++place_;
            arrive();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
            return iterator.is_at_end();
        }

      private:
        [[nodiscard]] bool is_at_end() const { return place_ == range_->texts_.size(); }
        void arrive() const {
            if (place_ == range_->count_) Traits::raise(ErrorKind::Other);
        }
        const RaisingTexts* range_ = nullptr;
        std::size_t place_ = 0;
    };
    [[nodiscard]] Iterator begin() const { return Iterator(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  private:
    std::vector<text_type<Traits>> texts_;
    std::size_t count_;
};

}  // namespace conformance::kit
