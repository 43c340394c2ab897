#include "conformance/runner/whole_file.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "conformance/runner/command_words.hpp"

namespace conformance::runner {
namespace {

namespace fs = std::filesystem;

bool write_to(const fs::path& file, std::string_view text) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    return stream.good();
}

bool replace(const fs::path& file, std::string_view text) {
    std::error_code error;
    // Behind a link lies what is to be replaced, and not the link.
    const fs::path target = fs::weakly_canonical(file, error);
    if (error) return false;
    const fs::file_status old = fs::status(target, error);
    if (fs::exists(old) && access(target.c_str(), W_OK) != 0) return false;
    const fs::path part = target.string() + ".part-" + std::to_string(getpid());
    bool is_written = write_to(part, text);
    if (is_written && fs::exists(old)) {
        fs::permissions(part, old.permissions(), error);
        is_written = !error;
    }
    if (is_written) {
        fs::rename(part, target, error);
        is_written = !error;
    }
    if (!is_written) fs::remove(part, error);
    return is_written;
}

}  // namespace

std::string read_whole_file(const fs::path& file, std::string_view what) {
    std::error_code ignored;
    std::ifstream stream(file, std::ios::binary);
    if (!stream || fs::is_directory(file, ignored))
        throw UsageError(std::string(what) + ' ' + file.string() + " cannot be read");
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_whole_file(const fs::path& file, std::string_view text, std::string_view what) {
    std::error_code ignored;
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
    const fs::file_status status = fs::status(file, ignored);
    const bool is_replaced = !fs::exists(status) || fs::is_regular_file(status);
    if (!(is_replaced ? replace(file, text) : write_to(file, text)))
        throw UsageError(std::string(what) + ' ' + file.string() + " cannot be written");
}

}  // namespace conformance::runner
