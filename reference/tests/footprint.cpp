#include "footprint.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/platform/arena.hpp"
#include "process_status.hpp"
#include "sanitizer.hpp"

namespace {

std::vector<pid_t> family() {
    std::multimap<pid_t, pid_t> children;
    for (const ProcessStatus& status : all_processes())
        children.emplace(status.parent, status.process);
    std::vector<pid_t> found{getpid()};
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto [begin, end] = children.equal_range(found[i]);
        for (auto child = begin; child != end; ++child)
            found.push_back(child->second);
    }
    return found;
}

std::size_t count_entries(const std::string& directory) {
    std::error_code gone;  // a process may end meanwhile
    std::filesystem::directory_iterator entries(directory, gone);
    return gone ? 0 : static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t count_lines(const std::string& path) {
    std::ifstream file(path);
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
}

std::size_t anonymous_memory(const std::string& path) {
    std::ifstream file(path);
    for (std::string word; file >> word;) {
        std::size_t kibibytes = 0;
        if (word == "RssAnon:" && file >> kibibytes) return kibibytes * 1024;
    }
    return 0;
}

}  // namespace

Footprint Footprint::now() {
    static_cast<void>(freethreading::active_children());  // forgets those that have ended
    Footprint footprint;
    const auto processes = family();
    footprint.processes = processes.size() - 1;
    for (const pid_t process : processes) {
        const std::string directory = "/proc/" + std::to_string(process);
        footprint.descriptors += count_entries(directory + "/fd");
        footprint.mappings += count_lines(directory + "/maps");
        footprint.resident += anonymous_memory(directory + "/status");
    }
    const auto use = freethreading::platform::arena_use();
    footprint.blocks = use.blocks;
    footprint.bytes = use.bytes;
    return footprint;
}

std::ostream& operator<<(std::ostream& stream, const Footprint& footprint) {
    return stream << footprint.processes << " processes, " << footprint.descriptors
                  << " descriptors, " << footprint.mappings << " mappings, "
                  << footprint.resident / 1024 << " KiB, " << footprint.blocks
                  << " blocks of the arena of " << footprint.bytes << " bytes";
}

void expect_no_more_than(const Footprint& before) {
    Footprint after;
    eventually([&] {
        after = Footprint::now();
        return after.processes <= before.processes && after.descriptors <= before.descriptors &&
               after.blocks <= before.blocks && after.bytes <= before.bytes;
    });
    std::cout << "before: " << before << "\nafter:  " << after << '\n';
    EXPECT_LE(after.mappings, before.mappings + 16);
    if (!is_sanitized) EXPECT_LE(after.resident, before.resident + (std::size_t{1} << 20));
}
