#include "conformance/engine/safe_text.hpp"

#include <gtest/gtest.h>

namespace conformance {
namespace {

constexpr const char* replaced = "\xef\xbf\xbd";

TEST(SafeText, keeps_what_can_be_shown) {
    const std::string text = "a\tb\n\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 <&>";
    EXPECT_EQ(cleaned(text), text);
    EXPECT_EQ(cleaned(""), "");
}

TEST(SafeText, replaces_what_cannot) {
    const std::string nul(1, '\0');
    for (const std::string& bad :
         {nul, std::string("\x01"), std::string("\x1b"), std::string("\r"), std::string("\x7f"),
          std::string("\xc2\x80"),          // a control character of two bytes
          std::string("\xe2\x80\xae"),      // turns the direction of writing
          std::string("\xe2\x81\xa6"),      // as well
          std::string("\xed\xa0\x80"),      // half of a pair
          std::string("\xef\xbf\xbf"),      // no character
          std::string("\xf4\x90\x80\x80"),  // beyond the last one
          std::string("\xe0\x80\xbc"),      // "<" in three bytes
          std::string("\xff"), std::string("\x80")})
        EXPECT_EQ(cleaned("a" + bad + "b"), std::string("a") + replaced + "b");
    // Two bytes that are none, and a character that breaks off.
    EXPECT_EQ(cleaned("\xc0\xbc"), std::string(replaced) + replaced);
    EXPECT_EQ(cleaned("a\xe2\x82"), std::string("a") + replaced + replaced);
    EXPECT_EQ(cleaned("\xe2<"), std::string(replaced) + "<");
    EXPECT_EQ(cleaned("\xff("), std::string(replaced) + "(");
}

TEST(SafeText, shortens_between_characters) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abcd", 3), "abc... (1 more bytes)");
    EXPECT_EQ(shortened("ab\xe2\x82\xac", 4), "ab... (3 more bytes)");
    EXPECT_LT(shortened(std::string(1 << 20, 'x'), 100).size(), 130U);
}

TEST(SafeText, makes_one_line) {
    EXPECT_EQ(one_line("  a \r\n\t b\n", 100), "a b");
}

TEST(SafeText, escapes_for_xml) {
    EXPECT_EQ(escaped_for_xml("<a b=\"c\" d='e'>&\x01]]>"),
              std::string("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;") + replaced + "]]&gt;");
}

}  // namespace
}  // namespace conformance
