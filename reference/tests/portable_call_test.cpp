#include "freethreading/portable_call.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "freethreading/error.hpp"

namespace freethreading {
namespace {

int add(int a, int b) noexcept {
    return a + b;
}
int count = 0;
void increase(int by) {
    count += by;
}
std::string join(std::vector<std::string> parts, std::string_view between) {
    std::string result;
    for (auto& part : parts)
        result += (result.empty() ? "" : std::string(between)) + part;
    return result;
}
const char* literal() {
    return "literal";
}
const std::string& by_reference() {
    static const std::string text = "referred to";
    return text;
}
int* pointer() {
    return &count;
}
constexpr auto takes_reference = [](std::string&) {};
constexpr auto takes_pointer = [](const char*) {};
struct Twice {
    int operator()(int number) const { return 2 * number; }
};
struct Adder {
    int amount;
    int operator()(int number) const { return amount + number; }
};
struct TaggedVector : std::vector<int> {
    int tag = 0;
};
static_assert(!Portable<TaggedVector>);  // or the tag would be lost

constexpr auto plain_lambda = [](int number) { return number + 1; };
constexpr int captured = 7;
constexpr auto capturing_lambda = [number = captured] { return number; };

// GEN-10, DOC-16: what can be a target.
static_assert(PortableTarget<decltype(add)> && PortableTarget<decltype(&add)>);
static_assert(PortableTarget<decltype(plain_lambda)>);
static_assert(PortableTarget<Twice> && PortableTarget<std::plus<>>);
static_assert(!PortableTarget<decltype(capturing_lambda)>);
static_assert(!PortableTarget<Adder> && !PortableTarget<std::function<void()>>);
static_assert(!PortableTarget<int> && !PortableTarget<int*> && !PortableTarget<void*>);
static_assert(!PortableTarget<decltype(&Adder::operator())>);

static_assert(std::is_same_v<CallResult<decltype(add), int, int>, int>);
static_assert(std::is_same_v<CallResult<decltype(&add), short, char>, int>);
static_assert(std::is_same_v<CallResult<decltype(literal)>, std::string>);
static_assert(std::is_same_v<CallResult<decltype(by_reference)>, std::string>);
static_assert(std::is_void_v<CallResult<decltype(increase), int>>);
static_assert(std::is_same_v<CallResult<Twice, long>, int>);

// What require_call asks of the arguments.
static_assert(CallableWith<decltype(add), int, int> && !CallableWith<decltype(add), int>);
static_assert(!CallableWith<decltype(add), int, int, int>);
static_assert(!CallableWith<decltype(add), int, std::string>);
static_assert(CallableWith<decltype(join), std::vector<std::string>, const char*>);
static_assert(!CallableWith<decltype(takes_reference), std::string>);
static_assert(!CallableWith<decltype(takes_pointer), const char*>);

template <class F, class... A>
auto call_elsewhere(const F& target, const A&... arguments) {
    PortableOutput call;
    const Invoker invoke = encode_call(call, target, arguments...);
    PortableInput input(call);
    PortableOutput result;
    invoke(input, &result);
    EXPECT_EQ(input.remaining(), 0U);
    if constexpr (std::is_void_v<CallResult<F, A...>>) {
        EXPECT_TRUE(result.bytes().empty());
    } else {
        PortableInput result_input(result);
        return decode<CallResult<F, A...>>(result_input);
    }
}

TEST(PortableCall, functions_and_pointers_to_them_are_called) {
    EXPECT_EQ(call_elsewhere(add, 2, 3), 5);
    EXPECT_EQ(call_elsewhere(&add, 2, 3), 5);
    int (*const pointer_to_add)(int, int) = add;
    EXPECT_EQ(call_elsewhere(pointer_to_add, short{2}, 'a'), 2 + 'a');
}

TEST(PortableCall, function_objects_without_state_are_called) {
    EXPECT_EQ(call_elsewhere(plain_lambda, 1), 2);
    EXPECT_EQ(call_elsewhere([](const auto& text) { return text.size(); }, "four"), 4U);
    EXPECT_EQ(call_elsewhere(Twice(), 4), 8);
    EXPECT_EQ(call_elsewhere(std::plus<>(), std::string("a"), "b"), "ab");
}

TEST(PortableCall, C_strings_arrive_as_strings) {
    const char* between = ", ";
    const char unterminated[2] = {'x', 'y'};
    const char longer[8] = "ab";
    const std::vector<std::string> parts{"a", "b"};
    EXPECT_EQ(call_elsewhere(join, parts, between), "a, b");
    EXPECT_EQ(call_elsewhere(join, parts, "-"), "a-b");
    EXPECT_EQ(call_elsewhere(join, parts, unterminated), "axyb");
    EXPECT_EQ(call_elsewhere(join, parts, longer), "aabb");
    EXPECT_EQ(call_elsewhere(literal), "literal");
    EXPECT_EQ(call_elsewhere(by_reference), "referred to");
}

TEST(PortableCall, arguments_may_be_moved_from) {
    const auto takes = [](std::vector<std::string>&& parts) {
        return std::vector<std::string>(std::move(parts)).size();
    };
    EXPECT_EQ(call_elsewhere(takes, std::vector<std::string>{"a", "b"}), 2U);
}

TEST(PortableCall, GEN_16_arguments_are_copied_when_the_call_is_written) {
    std::vector<int> numbers{1, 2, 3};
    PortableOutput call;
    const auto invoke =
        encode_call(call, [](const std::vector<int>& copy) { return copy.size(); }, numbers);
    numbers.clear();
    PortableInput input(call);
    PortableOutput result;
    invoke(input, &result);
    PortableInput result_input(result);
    EXPECT_EQ(decode<std::size_t>(result_input), 3U);
}

TEST(PortableCall, a_result_that_nobody_wants_may_be_anything) {
    PortableOutput call;
    const auto invoke_pointer = encode_call(call, pointer);
    PortableInput input(call);
    EXPECT_NO_THROW(invoke_pointer(input, nullptr));
    call.clear();
    const auto before = count;
    const auto invoke = encode_call(call, increase, 5);
    PortableInput other_input(call);
    invoke(other_input, nullptr);
    EXPECT_EQ(count, before + 5);
}

TEST(PortableCall, what_the_target_throws_passes_through) {
    EXPECT_THROW(call_elsewhere([](int) { throw std::domain_error("d"); }, 1), std::domain_error);
}

TEST(PortableCall, POOL_26_EXEC_22_a_result_that_cannot_be_encoded_is_a_ValueError) {
    EXPECT_THROW(call_elsewhere([] { return static_cast<const char*>(nullptr); }), ValueError);
}

TEST(PortableCall, null_pointers_are_a_ValueError) {
    PortableOutput call;
    int (*target)(int, int) = nullptr;
    EXPECT_THROW((void)encode_call(call, target, 1, 2), ValueError);
    const char* text = nullptr;
    EXPECT_THROW((void)encode_call(call, join, std::vector<std::string>(), text), ValueError);
}

TEST(PortableCall, truncated_bytes_are_a_ValueError_and_nothing_is_called) {
    PortableOutput call;
    const auto invoke = encode_call(call, increase, 5);
    const auto before = count;
    for (std::size_t length = 0; length < call.bytes().size(); ++length) {
        PortableInput input(call.bytes().first(length));
        EXPECT_THROW(invoke(input, nullptr), ValueError) << length;
    }
    EXPECT_EQ(count, before);
}

TEST(PortableCall, arguments_are_read_in_the_order_in_which_they_were_written) {
    const auto target = [](int a, const std::string& b, int c, const std::string& d) {
        return std::to_string(a) + b + std::to_string(c) + d;
    };
    EXPECT_EQ(call_elsewhere(target, 1, "b", 3, std::string("d")), "1b3d");
}

TEST(PortableCall, target_address_is_that_of_the_function) {
    EXPECT_EQ(target_address(add), reinterpret_cast<const void*>(&add));
    EXPECT_EQ(target_address(&add), reinterpret_cast<const void*>(&add));
    EXPECT_NE(target_address(plain_lambda), nullptr);
}

}  // namespace
}  // namespace freethreading
