#include "conformance/runner/init.hpp"

#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/engine/failure_text.hpp"
#include "conformance/runner/command_words.hpp"
#include "conformance/runner/skeleton_files.hpp"
#include "conformance/runner/whole_file.hpp"

namespace conformance::runner {
namespace {

constexpr std::string_view what_next_cpp =
    "driver.cpp      the driver: it hosts a Lock and a Worker; put your own types in their place\n"
    "CMakeLists.txt  builds it, and registers the suite's tests with ctest\n"
    "judge           builds it and judges what it hosts, for continuous integration\n";
constexpr std::string_view what_next_other =
    "driver.py       a whole driver, to be rewritten in your language; it hosts a Lock and "
    "workers\n"
    "judge           judges what it hosts, for continuous integration\n";

}  // namespace

void init(const std::filesystem::path& folder, const std::string& language, std::ostream& out) {
    std::vector<std::pair<std::filesystem::path, std::string_view>> files;
    for (const SkeletonFile& file : skeleton_files()) {
        const std::filesystem::path path(file.path);
        if (path.parent_path() != language) continue;
        files.emplace_back(folder / path.filename(), file.text);
        std::error_code ignored;
        if (std::filesystem::exists(std::filesystem::symlink_status(files.back().first, ignored)))
            throw UsageError("the file " + files.back().first.string() +
                             " is there already, and nothing was written");
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw UsageError("the folder " + folder.string() + " cannot be made: " + error.message());
    for (const auto& [path, text] : files) {
        write_whole_file(path, text, "the file");
        if (path.filename() == "judge")
            std::filesystem::permissions(path,
                                         std::filesystem::perms::owner_exec |
                                             std::filesystem::perms::group_exec |
                                             std::filesystem::perms::others_exec,
                                         std::filesystem::perm_options::add);
    }
    out << "In " << folder.string() << ":\n\n"
        << (language == "cpp" ? what_next_cpp : what_next_other) << "\nYour first verdict:\n\n    "
        << shell_quoted((folder / "judge").string()) << '\n';
}

}  // namespace conformance::runner
