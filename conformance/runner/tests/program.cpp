#include "conformance/runner/tests/program.hpp"

#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <fstream>

#include "conformance/engine/failure_text.hpp"

namespace conformance::runner {

Program::Program() {
    std::string name = testing::TempDir() + "tiny-conformance-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    write_requirements();
}

Program::~Program() {
    std::filesystem::remove_all(folder_);
}

void Program::write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
}

std::vector<std::string> Program::lines_of(const std::string& file) const {
    std::ifstream stream(folder_ / file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void Program::write_requirements(const std::string& missing, bool additional) const {
    std::string list;
    for (int number = 1; number <= (additional ? 9 : 8); ++number) {
        const std::string id = "LOCK-" + std::to_string(number);
        if (id == missing) continue;
        const std::string level = number == 2   ? "recommended"
                                  : number == 7 ? "permitted"
                                                : "required";
        list += std::string(list.empty() ? "" : ",") + R"({"id": ")" + id + R"(", "level": ")" +
                level + R"(", "kind": "deterministic", "text": "Text of )" + id +
                R"(.", "backends": [)" + (number == 6 ? "" : R"("threading", )") +
                R"("multiprocessing"], "source": ["design"], "look_at": "Place of )" + id +
                R"(."})";
    }
    write("requirements/lock.json",
          R"({"version": 1, "name": "Lock", "absent": [], "requirements": [)" + list + "]}");
}

Program::Result Program::judge(const std::string& fault, const std::string& arguments,
                               const std::string& variables) const {
    const std::string driver = shell_quoted(FREETHREADING_PYTHON) + ' ' +
                               shell_quoted(FREETHREADING_FAKE_DRIVER) + ' ' + shell_quoted(fault);
    return run("--driver " + shell_quoted(driver) +
                   " --requirements requirements --time-scale 0.2 " + arguments,
               variables);
}

Program::Result Program::run(const std::string& arguments, const std::string& variables) const {
    const std::string command = "cd " + shell_quoted(folder_.string()) + " && " + variables + ' ' +
                                shell_quoted(FREETHREADING_TINY_CONFORMANCE) + ' ' + "2>&1 " +
                                arguments;
    Result result;
    FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> buffer{};
    for (std::size_t size; (size = ::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        result.output.append(buffer.data(), size);
    result.exit_code = WEXITSTATUS(::pclose(pipe));
    return result;
}

}  // namespace conformance::runner
