#include "conformance/engine/requirements.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <tuple>
#include <utility>

#include "conformance/wire/json_reading.hpp"

namespace conformance {
namespace {

using json_reading::Json;

/// A member of a file, with the place for error messages.
class Reader {
  public:
    Reader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
        if (!json_.is_object()) fail("is no object");
    }

    [[noreturn]] void fail(const std::string& what) const { throw SuiteError(place_ + ' ' + what); }

    void allow_only(const std::set<std::string>& members) const {
        for (const auto& [name, value] : json_.items()) {
            if (!members.contains(name)) fail("has an unknown member \"" + name + '"');
        }
    }
    template <class T>
    [[nodiscard]] T get(const char* member) const {
        if (auto found = json_reading::member_as<T>(json_, member)) return *std::move(found);
        fail("has no member \"" + std::string(member) + "\" of the right type");
    }
    [[nodiscard]] std::string one_of(const char* member,
                                     const std::set<std::string>& allowed) const {
        const auto value = get<std::string>(member);
        if (!allowed.contains(value)) fail("has the unknown " + std::string(member) + ' ' + value);
        return value;
    }
    [[nodiscard]] std::vector<Reader> list(const char* member) const {
        std::vector<Reader> readers;
        const auto found = json_.find(member);
        if (found == json_.end() || !found->is_array())
            fail("has no list \"" + std::string(member) + '"');
        for (std::size_t i = 0; i < found->size(); ++i)
            readers.emplace_back((*found)[i],
                                 place_ + ": " + member + '[' + std::to_string(i) + ']');
        return readers;
    }
    [[nodiscard]] bool has(const char* member) const { return json_.contains(member); }
    [[nodiscard]] Reader object(const char* member) const {
        if (!has(member)) fail("has no member \"" + std::string(member) + '"');
        return {json_.at(member), place_ + ": " + member};
    }

  private:
    const Json& json_;
    std::string place_;
};

std::string id_in(const Reader& reader) {
    const auto id = reader.get<std::string>("id");
    std::string as_test = id;
    std::ranges::replace(as_test, '-', '_');
    if (requirement_of_test(as_test + '_') != id)
        reader.fail("has the id " + id + ", which is none");
    return id;
}

Level level_in(const Reader& reader) {
    const std::string level = reader.one_of("level", {"required", "recommended", "permitted"});
    if (level == "required") return Level::required;
    return level == "recommended" ? Level::recommended : Level::permitted;
}

std::vector<std::string> outcomes_in(const Reader& reader, const char* backend) {
    std::vector<std::string> outcomes;
    for (const Reader& outcome : reader.list(backend)) {
        outcome.allow_only({"outcome", "when"});
        outcomes.push_back(outcome.get<std::string>("outcome"));
    }
    return outcomes;
}

Requirement requirement_in(const Reader& reader, const std::string& name) {
    reader.allow_only({"id", "level", "kind", "text", "backends", "source", "look_at", "original"});
    Requirement requirement{.id = id_in(reader),
                            .name = name,
                            .level = level_in(reader),
                            .kind = reader.one_of("kind", {"deterministic", "stochastic",
                                                           "liveness", "fault", "compile_time"}),
                            .text = reader.get<std::string>("text"),
                            .backends = reader.get<std::vector<std::string>>("backends"),
                            .source = reader.get<std::vector<std::string>>("source"),
                            .look_at = reader.get<std::string>("look_at")};
    for (const std::string& backend : requirement.backends) {
        if (backend != "threading" && backend != "multiprocessing")
            reader.fail("has the unknown backend " + backend);
    }
    if (requirement.backends.empty()) reader.fail("applies to no backend");
    if (reader.has("original")) {
        const Reader original = reader.object("original");
        original.allow_only({"threading", "multiprocessing"});
        for (const char* const backend : {"threading", "multiprocessing"})
            requirement.original[backend] = outcomes_in(original, backend);
    }
    return requirement;
}

Json parse_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw SuiteError(path.string() + " cannot be read");
    try {
        return Json::parse(file);
    } catch (const Json::exception& error) {
        throw SuiteError(path.string() + " is no well-formed JSON: " + error.what());
    }
}

/// "BSEM", 2 and "10" of "BSEM-10". Without leading zeros the longer number is the larger one,
/// however long it is.
std::tuple<std::string, std::size_t, std::string> order_of(const std::string& id) {
    const std::size_t dash = id.find('-');
    const std::string number = id.substr(dash + 1);
    return {id.substr(0, dash), number.size(), number};
}

}  // namespace

std::string_view to_string(Level level) {
    switch (level) {
        case Level::required:
            return "required";
        case Level::recommended:
            return "recommended";
        case Level::permitted:
            break;
    }
    return "permitted";
}

bool Requirement::applies_to(const std::string& backend) const {
    return std::ranges::find(backends, backend) != backends.end();
}

Requirements::Requirements(const std::filesystem::path& folder) {
    std::error_code error;
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename();
        if (name.ends_with(".json") && !name.ends_with(".schema.json")) files.insert(entry.path());
    }
    if (error) throw SuiteError("the folder " + folder.string() + " cannot be read");
    if (files.empty()) throw SuiteError("the folder " + folder.string() + " has no requirements");

    std::set<std::string> ids;
    for (const auto& path : files) {
        const Json json = parse_file(path);
        const Reader file(json, path.filename());
        file.allow_only({"version", "name", "also", "requirements", "absent"});
        if (file.get<int>("version") != 1) file.fail("has another version than 1");
        const auto once = [&](const Reader& reader, const std::string& id) {
            if (!ids.insert(id).second) reader.fail("has the id " + id + ", which is taken");
        };
        for (const Reader& reader : file.list("requirements")) {
            all_.push_back(requirement_in(reader, file.get<std::string>("name")));
            once(reader, all_.back().id);
        }
        for (const Reader& reader : file.list("absent")) {
            reader.allow_only({"id", "reason"});
            once(reader, id_in(reader));
            absent_.insert(id_in(reader));
        }
    }
    std::ranges::sort(all_, {}, [](const Requirement& it) { return order_of(it.id); });
}

const Requirement* Requirements::find(const std::string& id) const {
    const auto found = std::ranges::find(all_, id, &Requirement::id);
    return found != all_.end() ? &*found : nullptr;
}

std::filesystem::path Requirements::default_folder() {
    // Beside an installed program, wherever that was moved to; otherwise in the source tree.
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto installed = program.parent_path() / FREETHREADING_INSTALLED_REQUIREMENTS;
    if (!error && std::filesystem::is_directory(installed, error))
        return installed.lexically_normal();
    return FREETHREADING_REQUIREMENTS_FOLDER;
}

std::string requirement_of_test(std::string_view test) {
    const std::size_t letters = test.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (letters == 0 || letters == std::string_view::npos || test[letters] != '_') return {};
    const std::size_t end = test.find_first_not_of("0123456789", letters + 1);
    if (end == std::string_view::npos || end == letters + 1 || test[end] != '_') return {};
    if (test[letters + 1] == '0') return {};
    return std::string(test.substr(0, letters)) + '-' +
           std::string(test.substr(letters + 1, end - letters - 1));
}

}  // namespace conformance
