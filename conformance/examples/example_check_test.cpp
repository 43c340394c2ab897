/// example-check, run on programs that do exactly one thing wrong.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Verdict {
    int status = -1;
    std::string report;  ///< Both streams of example-check.
};

class ExampleCheck : public testing::Test {
  public:
    ExampleCheck() { std::filesystem::create_directories(folder_); }
    ~ExampleCheck() override { std::filesystem::remove_all(folder_); }

  protected:
    static Verdict run(const std::string& arguments) {
        Verdict verdict;
        FILE* const pipe = ::popen((EXAMPLE_CHECK " " + arguments + " 2>&1").c_str(), "r");
        if (pipe == nullptr) return verdict;
        std::array<char, 4096> buffer;
        for (std::size_t size; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
            verdict.report.append(buffer.data(), size);
        }
        const int status = ::pclose(pipe);
        if (WIFEXITED(status)) verdict.status = WEXITSTATUS(status);
        return verdict;
    }

    /// Judges a shell script by an expectation.
    Verdict check(const std::string& expected, const std::string& script,
                  const std::string& backend = "threading", const std::string& options = "") {
        const std::string program = (folder_ / "program").string();
        const std::string expectation = (folder_ / "program.expected").string();
        std::ofstream(expectation) << expected;
        std::ofstream(program) << "#!/bin/sh\ncd " << folder_.string() << "\n" << script;
        ::chmod(program.c_str(), 0700);
        return run(options + " " + backend + " " + expectation + " " + program);
    }

    std::filesystem::path folder_ =
        std::filesystem::path(testing::TempDir()) / ("example_check_" + std::to_string(::getpid()));
};

void expect(const Verdict& verdict, int status, const std::string& explanation) {
    EXPECT_EQ(verdict.status, status) << verdict.report;
    EXPECT_NE(verdict.report.find(explanation), std::string::npos)
        << "no \"" << explanation << "\" in: " << verdict.report;
}

constexpr const char* sequence = "in order\n| one\n| two\n";
constexpr const char* steps = "any order\n| a\n| b\n\nin order\n|\n";
constexpr const char* merge =
    "interleaved\n| p0\n| p1\n--\n| c0\n| c1\nbefore | p0 | c0\nbefore | p1 | c1\n";
constexpr const char* blocks = "blocks\n| a1\n| a2\n--\n| b1\n| b2\n";

/// A script that prints each word on a line.
std::string printing(const std::string& words) {
    return "printf '%s\\n' " + words + "\n";
}

TEST_F(ExampleCheck, accepts_every_permitted_order) {
    expect(check(sequence, printing("one two")), 0, "1 runs as expected");
    for (const char* words : {"a b ''", "b a ''"}) {
        expect(check(steps, printing(words)), 0, "as expected");
    }
    for (const char* words : {"p0 p1 c0 c1", "p0 c0 p1 c1"}) {
        expect(check(merge, printing(words)), 0, "as expected");
    }
    for (const char* words : {"a1 a2 b1 b2", "b1 b2 a1 a2"}) {
        expect(check(blocks, printing(words)), 0, "as expected");
    }
}

TEST_F(ExampleCheck, reports_wrong_orders) {
    expect(check(sequence, printing("two one")), 1,
           "one must come before two (program.expected:3), but they are lines 2 and 1");
    expect(check(steps, printing("a '' b")), 1, "b must come before  (program.expected:6)");
    expect(check(merge, printing("p1 p0 c0 c1")), 1, "p0 must come before p1");
    expect(check(merge, printing("c0 p0 p1 c1")), 1, "p0 must come before c0");
    expect(check(blocks, printing("a1 b1 a2 b2")), 1, "a1 must come directly before a2");
    expect(check(blocks, printing("a2 a1 b1 b2")), 1, "a1 must come directly before a2");
}

TEST_F(ExampleCheck, reports_missing_extra_and_repeated_lines) {
    expect(check(sequence, printing("one")), 1, "missing: two (program.expected:3)");
    expect(check(sequence, printing("one two ''")), 1, "line 3 is not expected: \n");
    expect(check(sequence, printing("one two one")), 1, "line 3 is not expected: one");
    expect(check(sequence, printing("'one ' two")), 1, "line 1 is not expected: one ");
    expect(check(sequence, "printf 'one\\ntwo'"), 1, "ends within a line");
    expect(check("in order\n| [a] (b)* $x\n", printing("'[a] (b)* $x'")), 0, "as expected");
    expect(check("in order\n| a.c\n", printing("abc")), 1, "line 1 is not expected: abc");
}

TEST_F(ExampleCheck, matches_patterns) {
    expect(check("in order\n| {number}\n| 2\n", printing("140737 2")), 0, "as expected");
    expect(check("in order\n| {number}\n", printing("-1")), 1, "missing: {number}");
    expect(check("in order\n| {number}\n", printing("''")), 1, "missing: {number}");
    expect(check("in order\n| <{pid}>\n", "echo \"<$$>\"\n"), 0, "as expected");
    expect(check("in order\n| <{pid}>\n", "echo \"<$((1 + $$))>\"\n"), 1, "missing: <{pid}>");
}

TEST_F(ExampleCheck, judges_exit_status) {
    expect(check("exit 3\n", "exit 3\n"), 0, "as expected");
    expect(check("exit 3\n", "exit 0\n"), 1, "exit status 0, not 3");
    expect(check(sequence, printing("one two") + "exit 66\n"), 1, "exit status 66, not 0");
    expect(check(sequence, printing("one two") + "kill -KILL $$\n"), 1,
           "killed by a signal: Killed");
}

TEST_F(ExampleCheck, judges_standard_error) {
    expect(check("stderr | x\nstderr | y\n", "printf 'x\\ny\\n' >&2\n"), 0, "as expected");
    expect(check("stderr | x\nstderr | y\n", "printf 'y\\nx\\n' >&2\n"), 1,
           "not exactly this: x\ny\n");
    expect(check("stderr contains | x*\n", "echo before x* after >&2\n"), 0, "as expected");
    expect(check("stderr contains | x*\n", "echo xx >&2\n"), 1, "does not contain: x*");
    expect(check("exit 0\n", "echo surprise >&2\n"), 1, "standard error is not empty");
    expect(check("exit 0\n", "echo surprise >&2\n"), 1, "    1 | surprise");
}

TEST_F(ExampleCheck, finds_sanitizer_reports_also_where_standard_error_is_free) {
    const char* const expectation = "stderr contains | fine\n";
    for (const char* report :
         {"fine WARNING: ThreadSanitizer: data race", "fine ERROR: LeakSanitizer: leaks",
          "fine x.cpp:1:2: runtime error: overflow"}) {
        expect(check(expectation, "echo '" + std::string(report) + "' >&2\n"), 1,
               "a sanitizer's report");
    }
    expect(check(expectation, "echo fine >&2\n"), 0, "as expected");
}

TEST_F(ExampleCheck, reads_the_section_of_the_backend_and_tells_the_program) {
    const char* const expectation =
        "on threading\nin order\n| threading\non multiprocessing\nin order\n| multiprocessing\n"
        "on both\nin order\n| end\n";
    const char* const program = "echo $FREETHREADING_BACKEND\necho end\n";
    expect(check(expectation, program, "threading"), 0, "on threading: 1 runs as expected");
    expect(check(expectation, program, "multiprocessing"), 0,
           "on multiprocessing: 1 runs as expected");
    expect(check(expectation, "echo threading\necho end\n", "multiprocessing"), 1,
           "missing: multiprocessing");
}

TEST_F(ExampleCheck, judges_every_run) {
    const char* const second_run_is_silent =
        "echo x >> runs\nif [ $(wc -l < runs) != 2 ]; then echo one; fi\necho two\n";
    const Verdict verdict = check(sequence, second_run_is_silent, "threading", "--runs 3");
    expect(verdict, 1, "program on threading, run 2 of 3:\nmissing: one");
    expect(verdict, 1, "to reproduce: FREETHREADING_BACKEND=threading \"" + folder_.string());
}

/// The processes whose numbers a script left in a file.
std::vector<pid_t> recorded(const std::filesystem::path& file) {
    std::vector<pid_t> pids;
    std::ifstream numbers(file);
    for (pid_t pid = 0; numbers >> pid;) {
        pids.push_back(pid);
    }
    return pids;
}

TEST_F(ExampleCheck, kills_all_of_a_program_that_hangs) {
    const char* const program =
        "sleep 1000 &\necho $! >> pids\nsetsid sleep 1000 &\necho $! >> pids\necho one\nwait\n";
    expect(check(sequence, program, "threading", "--timeout-ms 3000"), 3,
           "hang: not ended after 3000 ms");
    const std::vector<pid_t> pids = recorded(folder_ / "pids");
    EXPECT_EQ(pids.size(), 2U);
    for (const pid_t pid : pids) {
        EXPECT_TRUE(::kill(pid, 0) == -1 && errno == ESRCH);
    }
}

TEST_F(ExampleCheck, reports_and_kills_what_a_program_leaves_behind) {
    const char* const program =
        "echo one\necho two\nsetsid sleep 1000 > /dev/null 2>&1 &\necho $! >> pids\n";
    expect(check(sequence, program, "threading", "--timeout-ms 3000"), 1,
           "left running by the program");
    const std::vector<pid_t> pids = recorded(folder_ / "pids");
    ASSERT_EQ(pids.size(), 1U);
    EXPECT_TRUE(::kill(pids[0], 0) == -1 && errno == ESRCH);
}

TEST_F(ExampleCheck, refuses_malformed_expectations) {
    struct {
        const char* expectation;
        const char* explanation;
    } const cases[] = {
        {"", "program.expected:0: says nothing about threading"},
        {"on threading\nexit 1\n", "says nothing about multiprocessing"},
        {"| one\n", "program.expected:1: unknown directive, or one that cannot stand here: | one"},
        {"in order\n|one\n", "program.expected:2: unknown directive"},
        {"on both\nin disorder\n", "program.expected:2: unknown directive"},
        {"in order\n", "\"in order\" without lines"},
        {"in order\nany order\n| a\n", "\"in order\" without lines"},
        {"blocks\n| a\n--\n", "\"blocks\" without lines"},
        {"in order\n| a\n--\n| b\n", "program.expected:3: unknown directive"},
        {"in order\n| {pdi}\n", "program.expected:2: a \"{\" that begins neither"},
        {"interleaved\n| a\n--\n| b\nbefore | a | c\n", "program.expected:5: no line above is: c"},
        {"in order\n| a\nbefore | a\n", "program.expected:3: unknown directive"},
        {"on threads\nexit 1\n", "program.expected:1: unknown directive"},
        {"exit\n", "unknown directive"},
        {"exit one\n", "unknown directive"},
        {"exit 256\n", "no exit status is above 255"},
        {"stderr | a\nstderr contains | b\n", "program.expected:2: unknown directive"},
        {"stderr contains | a\nstderr | b\n", "program.expected:2: unknown directive"},
        {"on threading\nexit 0\non multiprocessing\nexit -1\n",
         "program.expected:4: unknown directive"},
    };
    for (const auto& [expectation, explanation] : cases) {
        expect(check(expectation, "exit 0\n"), 2, explanation);
    }
}

TEST_F(ExampleCheck, refuses_bad_usage) {
    for (const char* arguments :
         {"", "threading", "threading some.expected", "--runs 3", "fork some.expected /bin/true",
          "--walks 3 threading some.expected /bin/true"}) {
        expect(run(arguments), 2, "usage: example-check");
    }
    for (const char* count : {"0", "-1", "1.5", "3x", "many", "99999999999"}) {
        expect(run("--runs " + std::string(count) + " threading some.expected /bin/true"), 2,
               "--runs needs a positive number");
    }
}

TEST_F(ExampleCheck, says_what_cannot_be_run) {
    expect(run("threading /no/such.expected /bin/true"), 4, "/no/such.expected: No such file");
    const std::string expectation = (folder_ / "some.expected").string();
    std::ofstream(expectation) << sequence;
    expect(run("threading " + expectation + " /no/such/program"), 4,
           "cannot run /no/such/program: No such file");
}

}  // namespace
