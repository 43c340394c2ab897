#pragma once
/// \file
/// The iterator of an input range that hands out its elements by `next()`, an optional. Internal.

#include <cstddef>
#include <iterator>
#include <optional>

namespace freethreading::platform {

template <class Source, class T>
class NextIterator {
  public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;

    explicit NextIterator(Source& source) : source_(&source), current_(source.next()) {}
    [[nodiscard]] T& operator*() const { return *current_; }
    [[nodiscard]] T* operator->() const { return &*current_; }
    NextIterator& operator++() {
        current_ = source_->next();
        return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const NextIterator& left, std::default_sentinel_t) {
        return !left.current_;
    }

  private:
    Source* source_;
    mutable std::optional<T> current_;
};

}  // namespace freethreading::platform
