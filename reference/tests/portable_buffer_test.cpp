#include "freethreading/portable_buffer.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <list>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "freethreading/portable.hpp"

namespace freethreading {
namespace {

constexpr std::size_t large = 100'000;

std::vector<std::byte> copy_of(const PortableOutput& output) {
    std::vector<std::byte> bytes(output.size());
    output.copy_to(bytes.data());
    return bytes;
}

template <class T>
std::vector<std::byte> encoded(const T& value) {
    PortableOutput output;
    encode(output, value);
    return copy_of(output);
}
template <class T>
std::vector<std::byte> encoded_in_place(const T& value) {
    PortableOutput output;
    encode_in_place(output, value);
    return copy_of(output);
}

std::string text_of(char first, std::size_t size) {
    std::string text(size, ' ');
    std::iota(text.begin(), text.end(), first);
    return text;
}

TEST(PortableOutput, copies_what_was_written_and_borrowed_in_order) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, large}) {
        const std::string first = text_of('a', size);
        const std::string second = text_of('b', large);
        PortableOutput output;
        output.borrow(first.data(), first.size());
        output.write("1", 1);
        output.borrow(second.data(), second.size());
        output.borrow(first.data(), first.size());
        const std::string so_far = first + "1" + second + first;
        EXPECT_EQ(output.position().bytes, so_far.size());
        output.write("23", 2);
        EXPECT_EQ(output.size(), so_far.size() + 2);
        const auto bytes = copy_of(output);
        EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                  so_far + "23");
        output.clear();
        EXPECT_EQ(output.size(), 0U);
        EXPECT_TRUE(copy_of(output).empty());
    }
}

TEST(PortableOutput, leaves_large_bytes_where_they_are) {
    const std::string text = text_of('a', large);
    PortableOutput output;
    encode_in_place(output, text);
    EXPECT_EQ(output.bytes().size(), sizeof(std::uint64_t));
    EXPECT_EQ(output.size(), sizeof(std::uint64_t) + large);
}

TEST(PortableOutput, holds_as_much_with_and_without_room_made_before) {
    PortableOutput output;
    output.write("1", 1);
    output.reserve(large);
    output.write("2", 1);
    EXPECT_EQ(output.bytes().size(), 2U);
    EXPECT_EQ(output.bytes()[1], std::byte{'2'});
}

TEST(Portable, the_same_bytes_wherever_they_were) {
    EXPECT_EQ(encoded_in_place(7), encoded(7));
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, large}) {
        std::vector<int> numbers(size);
        std::iota(numbers.begin(), numbers.end(), 0);
        EXPECT_EQ(encoded_in_place(numbers), encoded(numbers)) << size;
        EXPECT_EQ(encoded_in_place(text_of('a', size)), encoded(text_of('a', size))) << size;
        const std::list<int> list(numbers.begin(), numbers.end());
        EXPECT_EQ(encoded_in_place(list), encoded(list)) << size;
        const std::vector<bool> bits(size, true);
        EXPECT_EQ(encoded_in_place(bits), encoded(bits)) << size;
    }
}

template <class T>
void expect_appended(const T& first, const T& second, const T& both) {
    const auto bytes = encoded(second);
    PortableInput input(bytes);
    T container = first;
    decode_onto(container, input);
    EXPECT_EQ(container, both);
    EXPECT_EQ(input.remaining(), 0U);
}

TEST(Portable, a_container_is_decoded_onto_another) {
    expect_appended<std::vector<int>>({1, 2}, {3}, {1, 2, 3});
    expect_appended<std::vector<int>>({}, {3, 4}, {3, 4});
    expect_appended<std::vector<int>>({1}, {}, {1});
    expect_appended<std::string>("ab", "c", "abc");
    expect_appended<std::list<int>>({1}, {2, 3}, {1, 2, 3});
    expect_appended<std::vector<bool>>({true}, {false, true}, {true, false, true});
    expect_appended<std::vector<std::string>>({"a"}, {"b", "c"}, {"a", "b", "c"});
}

TEST(Portable, bytes_of_no_container_are_not_decoded_onto_one) {
    struct Flag {
        bool value;
    };
    auto bytes = encoded(std::vector<Flag>{{true}, {false}});
    std::vector<Flag> flags(1);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        PortableInput input{std::span(bytes).first(length)};
        EXPECT_THROW(decode_onto(flags, input), ValueError) << length;
    }
    bytes.back() = std::byte{2};
    PortableInput input(bytes);
    EXPECT_THROW(decode_onto(flags, input), ValueError);
}

}  // namespace
}  // namespace freethreading
