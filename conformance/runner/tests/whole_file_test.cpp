// What is written is there as a whole, or what was there before.

#include "conformance/runner/whole_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "conformance/runner/command_words.hpp"

namespace conformance::runner {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class WholeFileTest : public testing::Test {
  protected:
    WholeFileTest() {
        std::string name = testing::TempDir() + "whole-file-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~WholeFileTest() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder_ / name;
    }
    [[nodiscard]] std::string text_of(const std::string& name) const {
        return read_whole_file(file(name), "the file");
    }
    [[nodiscard]] auto number_of_files() const {
        return std::distance(std::filesystem::directory_iterator(folder_), {});
    }
    std::filesystem::path folder_;
};

/// No file may grow beyond a page, as if the disk were full then.
class FullDisk {
  public:
    FullDisk() {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = 4096;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_F(WholeFileTest, is_written_into_a_new_folder_and_replaced) {
    write_whole_file(file("new/one"), "first", "the file");
    write_whole_file(file("new/one"), "second", "the file");
    EXPECT_EQ(text_of("new/one"), "second");
}

TEST_F(WholeFileTest, is_as_before_if_there_is_no_room) {
    write_whole_file(file("one"), "old", "the file");
    {
        const FullDisk full;
        EXPECT_THAT([&] { write_whole_file(file("one"), std::string(100'000, 'x'), "the page"); },
                    ThrowsMessage<UsageError>(HasSubstr("one cannot be written")));
        EXPECT_THROW(write_whole_file(file("two"), std::string(100'000, 'x'), "the page"),
                     UsageError);
    }
    EXPECT_EQ(text_of("one"), "old");
    EXPECT_EQ(number_of_files(), 1);
}

TEST_F(WholeFileTest, keeps_links_and_permissions) {
    write_whole_file(file("one"), "old", "the file");
    std::filesystem::permissions(file("one"), std::filesystem::perms{0640});
    std::filesystem::create_symlink("one", file("link"));
    write_whole_file(file("link"), "new", "the file");
    EXPECT_TRUE(std::filesystem::is_symlink(file("link")));
    EXPECT_EQ(text_of("one"), "new");
    EXPECT_EQ(std::filesystem::status(file("one")).permissions(), std::filesystem::perms{0640});
}

TEST_F(WholeFileTest, devices_are_written_to) {
    write_whole_file("/dev/null", "text", "the file");
    EXPECT_THROW(write_whole_file("/dev/full", "text", "the file"), UsageError);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST_F(WholeFileTest, folders_are_no_files) {
    EXPECT_THAT([&] { static_cast<void>(read_whole_file(folder_, "the report")); },
                ThrowsMessage<UsageError>("the report " + folder_.string() + " cannot be read"));
    EXPECT_THROW(write_whole_file(folder_, "text", "the file"), UsageError);
}

}  // namespace
}  // namespace conformance::runner
