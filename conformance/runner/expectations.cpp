#include "conformance/runner/expectations.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "conformance/runner/whole_file.hpp"
#include "conformance/wire/json_reading.hpp"

namespace conformance::runner {
namespace {

using json_reading::Json;

/// A wildcard for more tests than this says nothing any more.
constexpr int most_by_wildcard = 32;

constexpr std::array<std::pair<const char*, Expected>, 3> lists{
    {{"failures", Expected::failure}, {"flaky", Expected::either}, {"wedging", Expected::wedging}}};

/// Of the whole text; `*` stands for any part of it.
bool matches(std::string_view pattern, std::string_view text) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, star))) return false;
    text.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    // Where a part occurs first there is most left for those after it.
    for (std::size_t next; (next = pattern.find('*')) != std::string_view::npos;) {
        const std::size_t at = text.find(pattern.substr(0, next));
        if (at == std::string_view::npos) return false;
        text.remove_prefix(at + next);
        pattern.remove_prefix(next + 1);
    }
    return text.ends_with(pattern);
}

class Reader {
  public:
    Reader(const std::filesystem::path& file, const Requirements& requirements,
           const TestIndex& index)
        : file_(file), requirements_(requirements), index_(index) {}

    [[nodiscard]] Expectations read(const std::string& backend) {
        const Json json = parsed(read_whole_file(file_, "the expectations"));
        if (json.is_discarded()) fail("are no JSON");
        require_members(
            json, {"version", "implementation", "backend", "failures", "flaky", "wedging"}, "they");
        if (!json.contains("version") || json["version"] != 1)
            fail("have another version than 1, or none");
        Expectations found{.file = file_,
                           .implementation = text(json, "implementation"),
                           .backend = text(json, "backend")};
        if (found.backend != "threading" && found.backend != "multiprocessing")
            fail("name the unknown backend " + found.backend);
        if (found.backend != backend)
            fail("are for the backend " + found.backend + ", and this is " + backend);
        for (const auto& [name, outcome] : lists) {
            if (!json.contains(name)) continue;
            if (!json[name].is_array()) fail("have no list \"" + std::string(name) + '"');
            for (const Json& entry : json[name])
                found.entries.push_back(read_entry(entry, outcome));
        }
        return found;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw SuiteError("the expectations " + file_.string() + ' ' + what);
    }

    /// The library would keep the last of two members of the same name, and all that the first one says were lost.
    [[nodiscard]] Json parsed(const std::string& content) const {
        std::vector<std::set<std::string>> members;  // of each object that is open
        return Json::parse(
            content,
            [&](int /*depth*/, Json::parse_event_t event, const Json& json) {
                if (event == Json::parse_event_t::object_start) members.emplace_back();
                if (event == Json::parse_event_t::object_end) members.pop_back();
                if (event == Json::parse_event_t::key &&
                    !members.back().insert(json.get<std::string>()).second)
                    fail("have a member \"" + json.get<std::string>() + "\" twice");
                return true;
            },
            false);
    }

    void require_members(const Json& json, std::initializer_list<std::string_view> known,
                         const std::string& who) const {
        if (!json.is_object()) fail("are no JSON object, or have an entry that is none");
        for (const auto& item : json.items()) {
            if (std::ranges::find(known, item.key()) == known.end())
                fail("have a member \"" + item.key() + "\", which " + who + " cannot have");
        }
    }

    /// Which entry it is. (Not all that is in it: that may be nested deeper than the stack.)
    [[nodiscard]] static std::string place_of(const Json& json) {
        const auto id = json_reading::member_as<std::string>(json, "id");
        return id ? " in the entry of \"" + id->substr(0, 200) + '"' : "";
    }

    [[nodiscard]] std::string text(const Json& json, const char* member) const {
        if (!json.contains(member) || !json[member].is_string() ||
            json[member].get_ref<const std::string&>().empty())
            fail("need a text \"" + std::string(member) + '"' + place_of(json));
        return json[member].get<std::string>();
    }

    [[nodiscard]] ExpectationEntry read_entry(const Json& json, Expected outcome) {
        require_members(json, {"id", "at_most", "reason", "link"}, "an entry");
        ExpectationEntry entry{.outcome = outcome,
                               .id = text(json, "id"),
                               .reason = text(json, "reason"),
                               .link = text(json, "link")};
        if (json.contains("at_most")) {
            const auto at_most = json_reading::member_as<int>(json, "at_most");
            if (!at_most) fail("have an at_most that is no number");
            if (*at_most < 1) fail("have an at_most below 1" + place_of(json));
            entry.at_most = *at_most;
        }
        entry.tests = tests_of(entry);
        for (const std::string& test : entry.tests) {
            if (!taken_.insert(test).second) fail("name the test " + test + " twice");
        }
        return entry;
    }

    [[nodiscard]] std::vector<std::string> tests_of(const ExpectationEntry& entry) const {
        const std::string& id = entry.id;
        if (id.find('*') != std::string::npos) return tests_by_wildcard(entry);
        if (entry.at_most != 0) fail("have an at_most for " + id + ", which is no wildcard");
        if (index_.tests.contains(id)) return {id};
        if (requirements_.find(id) == nullptr)
            fail("name " + id +
                 (requirements_.is_absent(id) ? ", which is no requirement any more"
                                              : ", which is neither a requirement nor a test"));
        const auto found = index_.tests_by_requirement.find(id);
        if (found == index_.tests_by_requirement.end()) fail("name " + id + ", which has no test");
        return found->second;
    }

    [[nodiscard]] std::vector<std::string> tests_by_wildcard(const ExpectationEntry& entry) const {
        if (entry.at_most < 1 || entry.at_most > most_by_wildcard)
            fail("name " + entry.id + " without an at_most from 1 to " +
                 std::to_string(most_by_wildcard));
        std::vector<std::string> tests;
        for (const std::string& test : index_.tests) {
            if (matches(entry.id, test)) tests.push_back(test);
        }
        if (tests.empty()) fail("name " + entry.id + ", which is the name of no test");
        if (static_cast<int>(tests.size()) > entry.at_most)
            fail("name " + entry.id + ", which stands for " + std::to_string(tests.size()) +
                 " tests, more than " + std::to_string(entry.at_most));
        return tests;
    }

    const std::filesystem::path& file_;
    const Requirements& requirements_;
    const TestIndex& index_;
    std::set<std::string> taken_;
};

}  // namespace

std::map<std::string, Expectation> Expectations::by_test() const {
    std::map<std::string, Expectation> expectations;
    for (const ExpectationEntry& entry : entries) {
        for (const std::string& test : entry.tests)
            expectations[test] = {.outcome = entry.outcome, .reason = entry.reason};
    }
    return expectations;
}

Expectations read_expectations(const std::filesystem::path& file, const std::string& backend,
                               const Requirements& requirements, const TestIndex& index) {
    return Reader(file, requirements, index).read(backend);
}

void require_implementation(const Expectations& expectations, const std::string& implementation) {
    if (expectations.implementation != implementation)
        throw SuiteError("the expectations " + expectations.file.string() + " are for " +
                         expectations.implementation + ", and the driver hosts " + implementation);
}

}  // namespace conformance::runner
