#include "conformance/runner/tests/report_text.hpp"

namespace conformance::runner {

std::vector<ReportText::Line> ReportText::all_pass() {
    std::vector<Line> lines;
    for (const char* const test :
         {"LOCK_1_held_lock_says_so", "LOCK_2_recommended_held_lock_says_so",
          "LOCK_3_nobody_can_test_this", "LOCK_4_lock_can_be_taken_again",
          "LOCK_5_event_can_be_set", "LOCK_6_holds_on_processes_only",
          "LOCK_7_permitted_and_seen_by_the_test_itself", "LOCK_8_seen_by_the_test_itself"})
        lines.push_back({.test = test});
    return lines;
}

std::string ReportText::header() const {
    const std::string tests = std::to_string(lines.size());
    return R"({"report":)" + std::to_string(report) + R"(,"suite":")" + suite +
           R"(","driver":"driver","backend":")" + backend + R"(","variant":")" + variant +
           R"(","implementation":")" + implementation +
           R"(","version":"1","language":"Python","seed":18446744073709551615,"time_scale":0.5,"effort":2.0,)" +
           R"("tests":)" + tests + R"(,"all_tests":)" + std::to_string(all_tests) + "}\n";
}

std::string ReportText::body() const {
    std::string body;
    for (const Line& it : lines) {
        // LOCK_1_...
        const std::string id = "LOCK-" + it.test.substr(5, it.test.find('_', 5) - 5);
        body += R"({"test":"Lock.)" + it.test + R"(","id":")" + id + R"(","verdict":")" +
                it.verdict + R"(","runs":1,"seconds":0.25)" +
                (it.reason.empty() ? "" : R"(,"reason":")" + it.reason + '"') + "}\n";
    }
    return body;
}

std::string ReportText::footer() const {
    std::map<std::string, int> counts;
    for (const Line& it : lines)
        ++counts[it.verdict];
    std::string text;
    for (const auto& [verdict, count] : counts)
        text += (text.empty() ? "\"" : ",\"") + verdict + "\":" + std::to_string(count);
    return R"({"end":{"counts":{)" + text + R"(},"exit":)" + std::to_string(exit) + "}}\n";
}

}  // namespace conformance::runner
