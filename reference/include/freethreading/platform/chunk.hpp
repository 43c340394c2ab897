#pragma once
/// \file
/// Several calls of one target made as one task, and how a range becomes a sequence of such tasks.
/// Internal.
///
/// A chunk results in the std::vector of what its calls returned. The first call that throws ends
/// it, and is its result.

#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/platform/job_board.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading::platform {

/// Throws ValueError as `encode_call` does.
template <class F, class... A>
[[nodiscard]] Call make_call(const F& target, const A&... arguments) {
    Call call{.invoker = nullptr, .target = target_address(target), .bytes = {}};
    call.invoker = encode_call(call.bytes, target, arguments...);
    return call;
}

/// A call that throws `failure`: how an argument that cannot be encoded fails the task instead of
/// its submission (GEN-11).
[[nodiscard]] inline Call failing_call(const std::exception_ptr& failure) {
    const Invoker fail = [](PortableInput& call, PortableOutput*) {
        std::rethrow_exception(decode_exception(call));
    };
    Call call{.invoker = fail, .target = nullptr, .bytes = {}};
    encode_exception(call.bytes, failure);
    return call;
}

/// What the elements of a range of results can be.
template <class R>
consteval void require_result() {
    static_assert(!std::is_void_v<R>,
                  "the target of a map must return something: void leaves nothing to collect; use "
                  "submit or apply_async");
    require_portable<R>();
}

/// Calls of an `F` with arguments of types `A`.
template <class F, class... A>
class Chunk {
  public:
    using Result = CallResult<F, A...>;

    explicit Chunk(const F& target) : target_(target) {
        require_call<F, A...>();
        require_result<Result>();
        clear();
    }
    void add(const A&... arguments) {
        ++size_;
        if (failure_) return;
        try {
            call_.bytes.write_byte(0);  // there may be no argument
            (encode_argument(call_.bytes, arguments), ...);
        } catch (const ValueError&) {
            failure_ = std::current_exception();
        }
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// The calls added since the last `take`.
    [[nodiscard]] Call take() {
        Call taken = failure_ ? failing_call(failure_) : std::move(call_);
        clear();
        return taken;
    }

  private:
    static void run(PortableInput& call, PortableOutput* results) {
        auto target = decode_target<F>(call);
        std::vector<Result> values;
        while (call.remaining() > 0) {
            static_cast<void>(call.read_byte());
            values.push_back(
                std::apply(target, std::tuple<Stored<A>...>{decode<Stored<A>>(call)...}));
        }
        encode(*results, values);
    }
    void clear() {
        size_ = 0;
        failure_ = nullptr;
        call_ = {.invoker = run, .target = target_address(target_), .bytes = {}};
        encode_target(call_.bytes, target_);
    }

    std::decay_t<F> target_;
    Call call_{};
    std::size_t size_ = 0;
    std::exception_ptr failure_;
};

/// Whether a call gets an element of the range as its argument, or the parts of an element that is
/// a tuple or pair.
enum class Spread : bool { whole, parts };

template <Spread spread, class F, class Item>
struct ChunkType {
    using type = Chunk<F, Item>;
};
template <class F, template <class...> class Tuple, class... Parts>
struct ChunkType<Spread::parts, F, Tuple<Parts...>> {
    using type = Chunk<F, Parts...>;
};
template <Spread spread, class F, class Range>
using ChunkOf = typename ChunkType<spread, F, std::ranges::range_value_t<Range>>::type;

/// Reads a range chunk by chunk, in the caller.
template <Spread spread, class F, std::ranges::input_range Range>
class ChunkReader {
  public:
    using Result = typename ChunkOf<spread, F, Range>::Result;

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
        if constexpr (spread == Spread::parts) {
            std::apply([&](const auto&... parts) { chunk_.add(parts...); }, item);
        } else {
            chunk_.add(item);
        }
    }

    using View = std::views::all_t<Range>;
    ChunkOf<spread, F, Range> chunk_;
    View range_;
    std::optional<std::ranges::iterator_t<View>> position_;
    bool at_end_ = false;
    std::size_t chunk_size_;
    std::exception_ptr failure_;
};

/// All chunks of a range, of `chunk_size` or such that each of `workers` gets about four. What the
/// range throws passes through.
template <Spread spread, class F, std::ranges::input_range Range>
[[nodiscard]] std::vector<Call> read_chunks(const F& target, Range&& range,
                                            std::optional<std::size_t> chunk_size,
                                            std::size_t workers) {
    if (!chunk_size) {
        if constexpr (std::ranges::forward_range<Range> || std::ranges::sized_range<Range>) {
            const auto count = static_cast<std::size_t>(std::ranges::distance(range));
            chunk_size = std::max<std::size_t>(1, (count + 4 * workers - 1) / (4 * workers));
        } else {
            std::vector<std::ranges::range_value_t<Range>> values;
            for (auto&& value : range)
                values.push_back(std::forward<decltype(value)>(value));
            return read_chunks<spread>(target, values, chunk_size, workers);
        }
    }
    ChunkReader<spread, F, Range> reader(target, std::forward<Range>(range), *chunk_size);
    std::vector<Call> calls;
    while (auto call = reader())
        calls.push_back(std::move(*call));
    return calls;
}

/// Throws ValueError if it is not positive.
[[nodiscard]] std::size_t checked_chunk_size(std::int64_t chunk_size);

}  // namespace freethreading::platform
