#include "conformance/runner/googletest_setting.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/runner/command_words.hpp"
#include "conformance/runner/whole_file.hpp"

namespace conformance::runner {
namespace {

std::optional<std::string> variable(const char* name) {
    const char* const text = std::getenv(name);
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::int32_t> number_in(const char* name) {
    const auto text = variable(name);
    if (!text) return std::nullopt;
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size())
        throw UsageError(std::string(name) + " is \"" + *text + "\", which is no number");
    return number;
}

void require_writable(const std::filesystem::path& file, std::string_view what) {
    std::error_code ignored;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
    if (!std::ofstream(file, std::ios::app))
        throw UsageError(std::string(what) + ' ' + file.string() + " cannot be written");
}

void require_sound_shards() {
    const auto total = number_in("GTEST_TOTAL_SHARDS");
    const auto index = number_in("GTEST_SHARD_INDEX");
    if (total.has_value() != index.has_value())
        throw UsageError("GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX are of use together only");
    if (total && (*index < 0 || *index >= *total))
        throw UsageError("GTEST_SHARD_INDEX is " + std::to_string(*index) + ", and of " +
                         std::to_string(*total) + " parts there are those from 0 to " +
                         std::to_string(*total - 1));
    if (const auto file = variable("GTEST_SHARD_STATUS_FILE"); file && !file->empty())
        require_writable(*file, "GTEST_SHARD_STATUS_FILE");
}

/// "xml", "json:FILE" or "xml:FOLDER/".
void require_sound_output(const std::string& output) {
    if (output.empty()) return;
    const std::size_t colon = output.find(':');
    const std::string format = output.substr(0, colon);
    if (format != "xml" && format != "json")
        throw UsageError("--gtest_output is to be xml:FILE or json:FILE, not " + output);
    if (colon == std::string::npos) return;
    const std::filesystem::path file = output.substr(colon + 1);
    std::error_code ignored;
    if (file.has_filename() && !std::filesystem::is_directory(file, ignored))
        require_writable(file, "the file of --gtest_output,");
}

}  // namespace

void require_readable_flags(int argc, const char* const* argv) {
    constexpr std::string_view option = "--gtest_flagfile=";
    std::string file = variable("GTEST_FLAGFILE").value_or("");
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument.starts_with(option)) file = argument.substr(option.size());
    }
    if (!file.empty()) static_cast<void>(read_whole_file(file, "the file of flags"));
}

void require_sound_setting() {
    require_sound_shards();
    require_sound_output(GTEST_FLAG_GET(output));
}

}  // namespace conformance::runner
