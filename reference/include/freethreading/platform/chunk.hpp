#pragma once
/// \file
/// Several calls of one target made one after the other by one worker. Internal.
///
/// A chunk is a task of its own, or one part of a task. It results in the std::vector of what its calls
/// returned. The first call that throws ends it, and is its result.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/platform/job.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading::platform {

/// Throws ValueError as `encode_call` does.
template <class F, class... A>
[[nodiscard]] Call make_call(const F& target, const A&... arguments) {
    Call call{.target = target_address(target)};
    call.invoker = encode_call(call.bytes, target, arguments...);
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

/// Makes chunks of calls of an `F` with arguments of types `A`. An argument that cannot be encoded fails
/// its chunk instead of the submission (GEN-11). Arguments of plain bytes always can: they lie side by
/// side, with nothing between them.
template <class F, class... A>
class ChunkWriter {
  public:
    using Result = CallResult<F, A...>;
    static constexpr bool is_packed = sizeof...(A) > 0 && (PortableBytes<Stored<A>> && ...);

    explicit ChunkWriter(const F& target) : target_(target) {
        require_call<F, A...>();
        require_result<Result>();
        begin_call();
    }
    void add(const A&... arguments) {
        ++size_;
        if constexpr (is_packed) {
            (encode_argument(call_.bytes, arguments), ...);
        } else {
            add_guarded(arguments...);
        }
    }
    /// As `add` of each; they have to live, unchanged, until the task has been made.
    template <class Item>
        requires(is_packed && sizeof...(A) == 1 && (std::is_same_v<Stored<A>, Item> && ...))
    void add_all(std::span<const Item> items) {
        size_ += items.size();
        call_.bytes.borrow(items.data(), items.size_bytes());
    }
    /// Of the present chunk.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// What is added now belongs to another chunk of the same task.
    void begin_part() {
        call_.starts.push_back(call_.bytes.begin_part());
        begin_chunk();
    }
    /// The task with the chunks that were begun since the last `take`.
    [[nodiscard]] Call take() {
        Call taken = std::move(call_);
        begin_call();
        return taken;
    }

  private:
    enum : std::uint8_t { element, failure };

    void add_guarded(const A&... arguments) {
        if (failed_) return;
        try {
            call_.bytes.write_byte(element);  // there may be no argument
            (encode_argument(call_.bytes, arguments), ...);
        } catch (const ValueError&) {
            failed_ = true;
            call_.bytes.return_to(first_element_);
            call_.bytes.write_byte(failure);
            encode_exception(call_.bytes, std::current_exception());
        }
    }

    static void run(PortableInput& call, PortableOutput* results) {
        auto target = decode_target<F>(call);
        const auto call_next = [&] {
            return std::apply(target, std::tuple<Stored<A>...>{decode<Stored<A>>(call)...});
        };
        if constexpr (is_packed) {
            // As a vector of them would be encoded, which there is no need to make.
            const auto nesting = results->nest();
            const auto count = call.remaining() / (sizeof(Stored<A>) + ...);
            results->write_size(count);
            if constexpr (PortableBytes<Result>) results->reserve(count * sizeof(Result));
            while (call.remaining() > 0)
                encode_argument(*results, call_next());
        } else {
            std::vector<Result> values;
            while (call.remaining() > 0) {
                if (call.read_byte() == failure) std::rethrow_exception(decode_exception(call));
                values.push_back(call_next());
            }
            encode(*results, values);
        }
    }
    void begin_call() {
        call_ = {.invoker = run, .target = target_address(target_)};
        begin_chunk();
    }
    void begin_chunk() {
        size_ = 0;
        failed_ = false;
        encode_target(call_.bytes, target_);
        first_element_ = call_.bytes.position();
    }

    std::decay_t<F> target_;
    Call call_{};
    PortableOutput::Position first_element_{};
    std::size_t size_ = 0;
    bool failed_ = false;
};

}  // namespace freethreading::platform
