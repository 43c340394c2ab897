#include "conformance/runner/presentation/markdown.hpp"

#include <gtest/gtest.h>

namespace conformance::runner {
namespace {

TEST(Markdown, escapes_what_it_would_read_as_markup) {
    EXPECT_EQ(escaped_for_markdown("a|b\n# `c` *d* <e>&", 100),
              "a\\|b \\# \\`c\\` \\*d\\* &lt;e&gt;&amp;");
    EXPECT_EQ(escaped_for_markdown("[x](y) ![z]", 100), "\\[x\\]\\(y\\) \\!\\[z\\]");
    EXPECT_EQ(escaped_for_markdown("@name", 100), "<!-- -->@<!-- -->name");
    EXPECT_EQ(escaped_for_markdown("https://x www.y", 100), "https<!-- -->://x www<!-- -->.y");
}

}  // namespace
}  // namespace conformance::runner
