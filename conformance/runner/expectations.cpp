#include "conformance/runner/expectations.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace conformance::runner {

using Json = nlohmann::json;

std::set<std::string> read_expectations(const std::filesystem::path& file,
                                        const std::string& backend,
                                        const Requirements& requirements,
                                        const std::set<std::string>& tests) {
    const auto fail = [&](const std::string& what) {
        throw SuiteError("the expectations " + file.string() + ' ' + what);
    };
    std::ifstream stream(file);
    if (!stream) fail("cannot be read");
    const Json list = Json::parse(stream, nullptr, false);
    if (!list.is_array()) fail("are no JSON list");
    std::set<std::string> expected;
    for (const Json& entry : list) {
        const auto is_text = [&](const char* member) {
            return entry.contains(member) && entry[member].is_string();
        };
        if (!entry.is_object() || entry.size() != 3 || !is_text("id") || !is_text("backend") ||
            !is_text("reason"))
            fail("have an entry that is not {id, backend, reason}: " + entry.dump());
        const auto id = entry["id"].get<std::string>();
        if (requirements.find(id) == nullptr && !tests.contains(id))
            fail("name " + id + ", which is neither a requirement nor a test");
        const auto where = entry["backend"].get<std::string>();
        if (where != "threading" && where != "multiprocessing")
            fail("name the unknown backend " + where);
        if (where == backend) expected.insert(id);
    }
    return expected;
}

}  // namespace conformance::runner
