#include "freethreading/platform/byte_buffer.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <new>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freethreading::platform {
namespace {

std::string text_in(const ByteBuffer& buffer) {
    const auto bytes = buffer.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
void append(ByteBuffer& buffer, std::string_view text) {
    buffer.append(text.data(), text.size());
}
// Of all sizes about that where the bytes leave their place in the buffer, and about that of a copied piece.
std::vector<std::string> texts() {
    std::vector<std::string> made;
    for (const int size : {0, 1, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 100'000}) {
        made.emplace_back(static_cast<std::size_t>(size), ' ');
        std::iota(made.back().begin(), made.back().end(), '\0');
    }
    return made;
}

TEST(ByteBuffer, holds_what_was_appended) {
    for (const auto& first : texts()) {
        for (const auto& second : texts()) {
            ByteBuffer buffer;
            append(buffer, first);
            append(buffer, second);
            EXPECT_EQ(buffer.size(), first.size() + second.size());
            EXPECT_EQ(text_in(buffer), first + second);
        }
    }
}

TEST(ByteBuffer, appends_nothing) {
    ByteBuffer buffer;
    buffer.append(nullptr, 0);
    EXPECT_EQ(text_in(buffer), "");
}

TEST(ByteBuffer, leaves_an_empty_one_behind_when_moved) {
    for (const auto& text : texts()) {
        ByteBuffer source;
        append(source, text);
        ByteBuffer constructed(std::move(source));
        EXPECT_EQ(text_in(constructed), text);
        EXPECT_EQ(source.size(), 0U);  // NOLINT(bugprone-use-after-move): that is what is tested
        append(source, "again");
        EXPECT_EQ(text_in(source), "again");
        for (const auto& before : texts()) {
            ByteBuffer assigned;
            append(assigned, before);
            assigned = std::move(constructed);
            EXPECT_EQ(text_in(assigned), text);
            constructed = std::move(assigned);
        }
        EXPECT_EQ(text_in(constructed), text);
    }
}

TEST(ByteBuffer, shrinks_and_grows_again) {
    ByteBuffer buffer;
    append(buffer, std::string(200, 'a'));
    buffer.shrink_to(3);
    append(buffer, "b");
    EXPECT_EQ(text_in(buffer), "aaab");
    buffer.shrink_to(100);  // there are fewer
    EXPECT_EQ(text_in(buffer), "aaab");
    buffer.shrink_to(0);
    EXPECT_EQ(text_in(buffer), "");
}

TEST(ByteBuffer, is_unchanged_if_there_is_no_memory) {
    ByteBuffer buffer;
    append(buffer, "kept");
    const char byte = 0;
    EXPECT_THROW(buffer.append(&byte, std::numeric_limits<std::size_t>::max()), std::bad_alloc);
    EXPECT_EQ(text_in(buffer), "kept");
}

}  // namespace
}  // namespace freethreading::platform
