#include "conformance/engine/timeline_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile = "<script>alert('x')</script>&\"]]>";

/// Worker 0 puts a hostile text; worker 1 gets something else; worker 2 waits for ever.
class TimelinePageTest : public testing::Test {
  protected:
    TimelinePageTest() {
        const Id queue = builder_.add(Type::Queue);
        const Script main = builder_.main();
        main.put(queue, hostile);
        const Script other = builder_.worker(hostile);
        other.get(queue);
        const Script last = builder_.worker();
        last.get(queue);
        const auto& workers = builder_.scenario().workers;
        judgement_.verdict = Judgement::Verdict::violates;
        judgement_.shown.entries = {
            {.worker = 0, .call = workers[0].calls[0], .invoked = 1000, .responded = 5000},
            {.worker = other.id(),
             .call = workers[1].calls[0],
             .invoked = 2000,
             .responded = 9000,
             .outcome = Value(hostile)},
            {.worker = last.id(), .call = workers[2].calls[0], .invoked = 3000}};
        judgement_.marked = 1;
        judgement_.order = {{.entry = 1}, {.entry = 0}};
    }
    [[nodiscard]] std::string page() const {
        TimelinePage page{.title = hostile, .reason = hostile, .command = hostile};
        page.sections = {{hostile, hostile}, {"left out, as it is empty", ""}};
        return timeline_page(page, builder_.scenario(), judgement_);
    }
    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t count = 0;
        for (std::size_t at = text.find(part); at != std::string::npos;
             at = text.find(part, at + 1))
            ++count;
        return count;
    }

    ScenarioBuilder builder_;
    Judgement judgement_;
};

TEST_F(TimelinePageTest, draws_each_call_and_marks_what_matters) {
    const std::string html = page();
    EXPECT_EQ(count(html, "<rect "), 3U);
    EXPECT_EQ(count(html, "<g class=\"bad\">"), 1U);
    EXPECT_EQ(count(html, "<g class=\"open\">"), 1U);
    EXPECT_EQ(count(html, "class=\"point\""), 2U);
    for (const char* const worker : {"worker 0", "worker 2", "worker 3"})
        EXPECT_THAT(html, HasSubstr(std::string(">") + worker + "</text>"));
    EXPECT_THAT(html, Not(HasSubstr("left out")));
}

TEST_F(TimelinePageTest, escapes_whatever_it_is_given) {
    const std::string html = page();
    EXPECT_THAT(html,
                HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;]]&gt;"));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("alert('x')")));
}

TEST_F(TimelinePageTest, needs_nothing_from_outside) {
    const std::string html = page();
    for (const char* const reference : {"http:", "https:", "src=", "url(", "@import", "<link"})
        EXPECT_THAT(html, Not(HasSubstr(reference)));
    EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
}

TEST_F(TimelinePageTest, steps_take_effect_within_their_calls_and_in_their_order) {
    EXPECT_THAT(instants_of(judgement_), ElementsAre(2000, 2000));
    judgement_.order = {{.entry = 0}, {.entry = 1}, {.entry = 2}};
    EXPECT_THAT(instants_of(judgement_), ElementsAre(1000, 2000, 3000));
    // One that gave up did so at its deadline, or its response.
    Entry& timed = judgement_.shown.entries[1];
    timed.call.time_limit = TimeLimit::milliseconds(2);
    timed.responded = 2'500'000;
    judgement_.order[1].time_is_up = true;
    EXPECT_THAT(instants_of(judgement_), ElementsAre(1000, 1'002'000, 1'002'000));
}

TEST_F(TimelinePageTest, of_a_long_history_shows_the_end) {
    const Entry first = judgement_.shown.entries[0];
    judgement_.shown.entries.insert(judgement_.shown.entries.begin(), 1000, first);
    judgement_.marked = 0;
    judgement_.order.clear();
    const std::string html = page();
    EXPECT_EQ(count(html, "<rect "), 401U);
    EXPECT_THAT(html, HasSubstr("The first 603 calls are left out."));
    EXPECT_EQ(count(html, "<g class=\"bad\">"), 1U);
}

}  // namespace
}  // namespace conformance
