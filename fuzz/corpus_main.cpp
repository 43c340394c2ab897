/// \file
/// Runs a fuzz target once on each of the given files, and on those in the given folders: what was found once is
/// a regression test with every compiler, without a fuzzing engine.
///
///     portable_fuzz_corpus fuzz/corpus/portable
///
/// Exit status: 0, 2 if an argument cannot be read or there was no file at all. A finding ends it by a signal.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace files = std::filesystem;

/// Sorted, so that every run takes the same way.
std::vector<files::path> inputs_in(const files::path& path) {
    if (!files::is_directory(path)) return {path};
    std::vector<files::path> found;
    for (const auto& entry : files::recursive_directory_iterator(path)) {
        if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

int run_all(const std::vector<files::path>& inputs) {
    for (const files::path& input : inputs) {
        std::ifstream file(input, std::ios::binary);
        if (!file) {
            std::fprintf(stderr, "%s cannot be read\n", input.c_str());
            return 2;
        }
        // Before it runs: if it crashes this is the last word. A copy of exactly that size, so that a sanitizer
        // sees what is read beyond its end.
        std::printf("%s\n", input.c_str());
        std::fflush(stdout);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
        LLVMFuzzerTestOneInput(copy.data(), copy.size());
    }
    std::printf("%zu inputs\n", inputs.size());
    if (inputs.empty()) std::fprintf(stderr, "there is no input at all\n");
    return inputs.empty() ? 2 : 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        std::vector<files::path> inputs;
        for (int i = 1; i < count; ++i) {
            const auto more = inputs_in(arguments[i]);
            inputs.insert(inputs.end(), more.begin(), more.end());
        }
        return run_all(inputs);
    } catch (const files::filesystem_error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
