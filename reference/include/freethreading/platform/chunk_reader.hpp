#pragma once
/// \file
/// How a range becomes a sequence of chunks of calls, in the process that has the range. Internal.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "freethreading/platform/chunk.hpp"

namespace freethreading::platform {

/// Whether a call gets an element of the range as its argument, or the parts of an element that is
/// a tuple or pair.
enum class Spread : bool { whole, parts };

template <Spread spread, class F, class Item>
struct ChunkWriterFor {
    using type = ChunkWriter<F, Item>;
};
template <class F, template <class...> class Tuple, class... Parts>
struct ChunkWriterFor<Spread::parts, F, Tuple<Parts...>> {
    using type = ChunkWriter<F, Parts...>;
};
template <Spread spread, class F, class Range>
using ChunkWriterOf = typename ChunkWriterFor<spread, F, std::ranges::range_value_t<Range>>::type;

template <Spread spread, class Writer, class Item>
void add_element(Writer& writer, const Item& item) {
    if constexpr (spread == Spread::parts) {
        std::apply([&](const auto&... parts) { writer.add(parts...); }, item);
    } else {
        writer.add(item);
    }
}

/// Reads a range chunk by chunk, in the caller.
template <Spread spread, class F, std::ranges::input_range Range>
class ChunkReader {
  public:
    using Result = typename ChunkWriterOf<spread, F, Range>::Result;

    /// Keeps a temporary range, and refers to any other.
    ChunkReader(const F& target, Range&& range, std::size_t chunk_size)
        : chunk_(target),
          range_(std::views::all(std::forward<Range>(range))),
          chunk_size_(chunk_size) {}

    /// The next chunk; nothing at the end. What the range throws passes through, after a chunk with
    /// the elements before.
    [[nodiscard]] std::optional<Call> operator()() {
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        try {
            while (!at_end_ && chunk_.size() < chunk_size_)
                read();
        } catch (...) {
            at_end_ = true;
            if (chunk_.size() == 0) throw;
            failure_ = std::current_exception();
        }
        if (chunk_.size() == 0) return std::nullopt;
        return chunk_.take();
    }

  private:
    void read() {
        if (position_) {
            ++*position_;
        } else {
            position_.emplace(std::ranges::begin(range_));
        }
        at_end_ = *position_ == std::ranges::end(range_);
        if (at_end_) return;
        const std::ranges::range_value_t<Range>& item = **position_;
        add_element<spread>(chunk_, item);
    }

    using View = std::views::all_t<Range>;
    ChunkWriterOf<spread, F, Range> chunk_;
    View range_;
    std::optional<std::ranges::iterator_t<View>> position_;
    bool at_end_ = false;
    std::size_t chunk_size_;
    std::exception_ptr failure_;
};

/// All chunks of a range as parts of one task; nothing if the range is empty. What the range throws
/// passes through.
template <Spread spread, class F, class Range>
[[nodiscard]] std::optional<Call> copy_chunks(const F& target, Range&& range,
                                              std::size_t chunk_size) {
    ChunkWriterOf<spread, F, Range> writer(target);
    for (const std::ranges::range_value_t<Range>& element : range) {
        if (writer.size() == chunk_size) writer.begin_part();
        add_element<spread>(writer, element);
    }
    if (writer.size() == 0) return std::nullopt;
    return writer.take();
}

/// The same of elements that stay where they are until the task has been made.
template <class F, class Element>
    requires(ChunkWriter<F, Element>::is_packed && std::is_same_v<Stored<Element>, Element>)
[[nodiscard]] std::optional<Call> borrow_chunks(const F& target, std::span<const Element> elements,
                                                std::size_t chunk_size) {
    if (elements.empty()) return std::nullopt;
    ChunkWriter<F, Element> writer(target);
    while (!elements.empty()) {
        if (writer.size() > 0) writer.begin_part();
        const auto chunk = elements.first(std::min(chunk_size, elements.size()));
        writer.add_all(chunk);
        elements = elements.subspan(chunk.size());
    }
    return writer.take();
}

/// So many that each of `workers` gets about four chunks.
[[nodiscard]] inline std::size_t usual_chunk_size(std::size_t elements, std::size_t workers) {
    return std::max<std::size_t>(1, (elements + 4 * workers - 1) / (4 * workers));
}

/// As `copy_chunks`, of `chunk_size` or the usual one. The range has to live until the task has been made.
template <Spread spread, class F, std::ranges::input_range Range>
[[nodiscard]] std::optional<Call> read_chunks(const F& target, Range&& range,
                                              std::optional<std::size_t> chunk_size,
                                              std::size_t workers) {
    using Element = std::ranges::range_value_t<Range>;
    if (!chunk_size) {
        if constexpr (std::ranges::forward_range<Range> || std::ranges::sized_range<Range>) {
            const auto count = static_cast<std::size_t>(std::ranges::distance(range));
            chunk_size = usual_chunk_size(count, workers);
        } else {
            std::vector<Element> values;
            for (auto&& value : range)
                values.push_back(std::forward<decltype(value)>(value));
            return copy_chunks<spread>(target, values, usual_chunk_size(values.size(), workers));
        }
    }
    if constexpr (spread == Spread::whole && std::ranges::contiguous_range<Range> &&
                  std::ranges::sized_range<Range> && requires(std::span<const Element> elements) {
                      borrow_chunks(target, elements, *chunk_size);
                  }) {
        const std::span<const Element> elements(std::ranges::data(range), std::ranges::size(range));
        return borrow_chunks(target, elements, *chunk_size);
    } else {
        return copy_chunks<spread>(target, range, *chunk_size);
    }
}

/// Throws ValueError if it is not positive.
[[nodiscard]] std::size_t checked_chunk_size(std::int64_t chunk_size);

}  // namespace freethreading::platform
