#pragma once
/// \file
/// Makes one call and writes it down. What is timed is the call and nothing else: its arguments are
/// ready before, and its result becomes text after.

#include <concepts>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

#include "conformance/kit/driver_fault.hpp"
#include "conformance/wire/json_writer.hpp"
#include "conformance/wire/lane_writer.hpp"

namespace conformance::kit {

/// Appends the JSON of what a method returned: flags, numbers, plain texts and values.
struct DescribeValue {
    void operator()(std::string& json, bool flag) const { json += flag ? "true" : "false"; }
    void operator()(std::string& json, const std::string& text) const { append_quoted(json, text); }
    void operator()(std::string& json, std::string_view text) const { append_quoted(json, text); }
    void operator()(std::string& json, const Value& value) const { append_json(json, value); }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    void operator()(std::string& json, Number number) const {
        append_json(json, static_cast<std::int64_t>(number));
    }
};

/// Appends items and results of tasks, which are JSON already.
struct DescribeText {
    void operator()(std::string& json, const std::string& text) const { json += text; }
    template <class Texts>
        requires requires(const Texts& texts) {
            { *texts.begin() } -> std::convertible_to<const std::string&>;
        }
    void operator()(std::string& json, const Texts& texts) const {
        json += '[';
        for (const std::string& text : texts) {
            if (json.back() != '[') json += ',';
            json += text;
        }
        json += ']';
    }
};

/// What an exception says, shortened.
[[nodiscard]] inline std::string message_of(const std::exception_ptr& failure) {
    constexpr std::size_t longest = 200;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
        return std::string(std::string_view(exception.what()).substr(0, longest));
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

template <class Traits>
class Recorder {
  public:
    explicit Recorder(LaneWriter& lane) : lane_(lane) {}

    /// Calls `action()`; `describe(json, result)` appends what it returned. Returns whether it
    /// returned rather than threw. Throws DriverFault only, and then the call stays pending. If it
    /// throws RejectedByCompiler the outcome is TypeError.
    template <class Action, class Describe = DescribeValue>
    bool record(Id call, Action&& action, Describe&& describe = {}) {
        using Result = std::invoke_result_t<Action&>;
        text_.clear();
        lane_.invoke(call);
        std::int64_t time = 0;
        try {
            if constexpr (std::is_void_v<Result>) {
                action();
                time = LaneWriter::now_after_call();
                text_ = "null";
            } else {
                decltype(auto) result = action();
                time = LaneWriter::now_after_call();
                describe(text_, result);
            }
        } catch (const DriverFault&) {
            throw;
        } catch (const RejectedByCompiler& rejected) {
            text_ = std::string(to_string(ErrorKind::TypeError)) + ' ' + rejected.what();
            lane_.respond(LaneWriter::now_after_call(), LaneWriter::Result::error, text_);
            return false;
        } catch (...) {
            if (time == 0) time = LaneWriter::now_after_call();
            const std::exception_ptr failure = std::current_exception();
            text_ = to_string(Traits::classify(failure));
            text_ += ' ' + message_of(failure);
            lane_.respond(time, LaneWriter::Result::error, text_);
            return false;
        }
        lane_.respond(time, LaneWriter::Result::value, text_);
        return true;
    }

  private:
    LaneWriter& lane_;
    std::string text_;
};

}  // namespace conformance::kit
