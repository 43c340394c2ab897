// Lanes from both sides: what a writer leaves behind and what a reader makes of it.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "conformance/wire/lane_files.hpp"
#include "conformance/wire/lane_reader.hpp"
#include "conformance/wire/lane_writer.hpp"

namespace conformance {
namespace {

using Result = LaneWriter::Result;

class Lanes : public testing::Test {
  protected:
    Lanes() {
        std::string name = std::filesystem::temp_directory_path() / "lanes-XXXXXX";
        folder_ = mkdtemp(name.data());
        scenario_.objects = {{.id = 10, .type = Type::Lock}};
        scenario_.workers = {{.id = 0}, {.id = 1, .parent = 0}};
        for (Id call = 1; call <= 20; ++call)
            scenario_.workers[0].calls.push_back(
                {.id = call, .object = 10, .operation = Operation::acquire});
        scenario_.workers[0].calls.push_back({.id = 21, .object = 1, .operation = Operation::kill});
        scenario_.workers[1].calls = {{.id = 30, .object = 10, .operation = Operation::acquire}};
    }
    ~Lanes() override { std::filesystem::remove_all(folder_); }

    History read(std::uint64_t run) { return LaneReader(folder_).read(run, scenario_); }
    std::string complaint(std::uint64_t run) {
        try {
            static_cast<void>(read(run));
        } catch (const MalformedMessage& malformed) {
            return malformed.what();
        }
        return "none";
    }
    static void respond(LaneWriter& writer, std::string_view text, Result result = Result::value) {
        writer.respond(LaneWriter::now_after_call(), result, text);
    }

    std::filesystem::path folder_;
    Scenario scenario_;
};

TEST_F(Lanes, tell_what_was_called_and_returned) {
    const LaneFiles files(folder_, 2, 8);
    LaneWriter writer(files.lane(0), 7, 0);
    writer.invoke(1);
    respond(writer, "true");
    writer.invoke(2);
    respond(writer, "RuntimeError the lock is free", Result::error);
    writer.invoke(3);

    const History history = read(7);
    ASSERT_EQ(history.entries.size(), 4U);
    const Entry& life = history.entries[0];
    EXPECT_EQ(life.call, (Call{.id = -1, .object = 0, .operation = Operation::run}));
    EXPECT_FALSE(life.responded);
    EXPECT_EQ(history.entries[1].call, scenario_.workers[0].calls[0]);
    EXPECT_EQ(history.entries[1].outcome, Outcome(true));
    EXPECT_GE(history.entries[1].responded, history.entries[1].invoked);
    EXPECT_GE(history.entries[2].invoked, history.entries[1].responded);
    EXPECT_EQ(history.entries[2].outcome, Outcome(ErrorKind::RuntimeError));
    EXPECT_FALSE(history.entries[3].responded);

    respond(writer, "false");
    writer.end_life();
    EXPECT_EQ(read(7).entries[3].outcome, Outcome(false));
    EXPECT_TRUE(read(7).entries[0].responded);
    EXPECT_FALSE(writer.overflowed());
}

TEST_F(Lanes, are_made_once_with_all_their_space) {
    const LaneFiles files(folder_, 2, 8);
    EXPECT_EQ(std::filesystem::file_size(folder_ / "lane-1"), 8U * 128);
    EXPECT_THROW(LaneFiles(folder_, 2, 8), std::system_error);
    EXPECT_THROW(LaneFiles(folder_ / "nowhere", 1, 8), std::system_error);
}

TEST_F(Lanes, keep_texts_of_any_length) {
    const LaneFiles files(folder_, 1, 32);
    for (const std::size_t size : {81U, 82U, 83U, 210U, 211U, 338U, 500U}) {
        const std::string text(size, 'x');
        LaneWriter writer(files.lane(0), size, 0);
        writer.invoke(1);
        respond(writer, '"' + text + '"');
        writer.invoke(2);
        respond(writer, "2");
        const History history = read(size);
        ASSERT_EQ(history.entries.size(), 3U) << size;
        EXPECT_EQ(history.entries[1].outcome, Outcome(Value(text)));
        EXPECT_EQ(history.entries[2].outcome, Outcome(2));
    }
}

TEST_F(Lanes, show_one_run_only) {
    const LaneFiles files(folder_, 2, 8);
    LaneWriter first(files.lane(0), 1, 0);
    for (Id call = 1; call <= 5; ++call) {
        first.invoke(call);
        respond(first, "true");
    }
    LaneWriter second(files.lane(0), 2, 0);
    second.invoke(1);
    EXPECT_EQ(read(1).entries.size(), 0U);
    EXPECT_EQ(read(2).entries.size(), 2U);
    EXPECT_EQ(read(3).entries.size(), 0U);
}

TEST_F(Lanes, do_not_take_the_rest_of_a_text_for_a_later_run) {
    const LaneFiles files(folder_, 1, 8);
    LaneWriter first(files.lane(0), 1, 0);
    first.invoke(1);
    // One byte is left over, and 'A' followed by zeros would be the number 65.
    respond(first, "Other " + std::string(LaneSlot::text_capacity - 6, ' ') + "A", Result::error);
    LaneWriter second(files.lane(0), 'A', 0);
    second.invoke(1);
    respond(second, "true");
    EXPECT_EQ(read('A').entries.size(), 2U);
    EXPECT_EQ(complaint('A'), "none");
}

TEST_F(Lanes, overflow_without_writing_beyond) {
    const LaneFiles files(folder_, 2, 3);
    LaneWriter writer(files.lane(0), 1, 0);
    for (Id call = 1; call <= 2; ++call) {
        writer.invoke(call);
        respond(writer, "true");
        EXPECT_FALSE(writer.overflowed());
    }
    writer.invoke(3);
    respond(writer, "true");
    EXPECT_TRUE(writer.overflowed());
    writer.end_life();
    EXPECT_EQ(read(1).entries.size(), 3U);
    EXPECT_TRUE(read(1).entries[0].responded);
    EXPECT_EQ(read(1).entries[0].outcome, Outcome());
}

TEST_F(Lanes, overflow_by_a_long_text_leaves_the_call_pending) {
    const LaneFiles files(folder_, 2, 3);
    LaneWriter writer(files.lane(0), 1, 0);
    writer.invoke(1);
    respond(writer, '"' + std::string(300, 'x') + '"');
    EXPECT_TRUE(writer.overflowed());
    EXPECT_FALSE(read(1).entries.at(1).responded);
}

TEST_F(Lanes, show_nothing_of_a_response_that_is_not_complete) {
    const LaneFiles files(folder_, 2, 8);
    LaneWriter writer(files.lane(0), 1, 0);
    writer.invoke(1);
    // As if killed within the response: the text of two slots is there, its state is not.
    std::memset(&files.lane(0)[2], 1, sizeof(LaneSlot));
    files.lane(0)[2].run = 1;
    const History history = read(1);
    ASSERT_EQ(history.entries.size(), 2U);
    EXPECT_FALSE(history.entries[1].responded);
}

TEST_F(Lanes, mark_what_a_killed_worker_had_pending) {
    const LaneFiles files(folder_, 2, 8);
    LaneWriter main(files.lane(0), 1, 0);
    LaneWriter other(files.lane(1), 1, 1);
    other.invoke(30);
    main.invoke(21);
    for (const Entry& entry : read(1).entries)
        EXPECT_FALSE(entry.killed);
    respond(main, "null");
    for (const Entry& entry : read(1).entries)
        EXPECT_EQ(entry.killed, entry.worker == 1) << entry.worker;
}

TEST_F(Lanes, name_the_rule_that_a_writer_breaks) {
    const LaneFiles files(folder_, 2, 4);
    const auto lane = files.lane(0);
    const auto restart = [&] {
        LaneWriter writer(lane, 1, 0);
        writer.invoke(1);
        respond(writer, "true");
    };
    const auto rule_of = [&](const auto& spoil) {
        restart();
        spoil();
        return complaint(1).substr(0, complaint(1).find(':'));
    };
    EXPECT_EQ(rule_of([&] {}), "none");
    EXPECT_EQ(rule_of([&] { lane[1].worker = 1; }), "rule 4.1");
    EXPECT_EQ(rule_of([&] { lane[1].call = 30; }), "rule 4.2");
    EXPECT_EQ(rule_of([&] { lane[1].call = -1; }), "rule 4.3");
    EXPECT_EQ(rule_of([&] { lane[0].call = 1; }), "rule 4.3");
    EXPECT_EQ(rule_of([&] { lane[1].state = 3; }), "rule 4.2");
    EXPECT_EQ(rule_of([&] { lane[1].outcome = 2; }), "rule 4.2");
    EXPECT_EQ(rule_of([&] { lane[1].invoked = -1; }), "rule 4.2");
    EXPECT_EQ(rule_of([&] { lane[1].responded = 1; }), "rule 4.5");
    EXPECT_EQ(rule_of([&] { lane[1].text_size = 4000; }), "rule 4.2");
    EXPECT_EQ(rule_of([&] { lane[1].text = {'t', 'r', 'e', 'e'}; }), "rule 1.2");
    EXPECT_EQ(rule_of([&] { lane[1].outcome = 1; }), "rule 6.2");
}

/// Worker 0 puts its number of the round and releases; four rounds.
Scenario with_rounds() {
    Scenario scenario;
    scenario.objects = {{.id = 10, .type = Type::Queue}};
    scenario.workers = {{.id = 0, .repeat = 4}};
    scenario.workers[0].calls = {{.id = 1,
                                  .object = 10,
                                  .operation = Operation::put,
                                  .arguments = {Value(List{"a", "$round"})}},
                                 {.id = 2, .object = 10, .operation = Operation::get_nowait}};
    return scenario;
}

TEST_F(Lanes, are_not_read_beyond_their_end_when_they_become_shorter) {
    const LaneFiles files(folder_, 1, 8192);
    LaneWriter writer(files.lane(0), 7, 0);
    writer.invoke(1);
    const LaneReader reader(folder_);
    EXPECT_EQ(reader.read(7, scenario_).entries.size(), 2U);
    std::filesystem::resize_file(folder_ / "lane-0", 0);
    EXPECT_THROW(static_cast<void>(reader.read(7, scenario_)), MalformedMessage);
    std::vector<std::size_t> seen;
    EXPECT_THROW(static_cast<void>(reader.pending(7, scenario_, seen)), MalformedMessage);
}

TEST_F(Lanes, number_the_rounds_of_a_worker_that_repeats_its_calls) {
    scenario_ = with_rounds();
    const LaneFiles files(folder_, 1, 16);
    LaneWriter writer(files.lane(0), 1, 0);
    for (int round = 0; round < 3; ++round) {
        writer.invoke(1);
        respond(writer, "null");
        writer.invoke(2);
        if (round < 2) respond(writer, "[]");
    }
    const History history = read(1);
    ASSERT_EQ(history.entries.size(), 7U);
    EXPECT_EQ(history.entries[1].call.arguments.at(0), Value(List{"a", 0}));
    EXPECT_EQ(history.entries[5].call.arguments.at(0), Value(List{"a", 2}));
    for (std::size_t i = 1; i < 7; ++i)
        EXPECT_EQ(history.entries[i].round, static_cast<std::int64_t>((i - 1) / 2)) << i;
    EXPECT_FALSE(history.entries[6].responded);
}

TEST_F(Lanes, keep_the_round_where_calls_were_left_out) {
    scenario_ = with_rounds();
    const LaneFiles files(folder_, 1, 16);
    LaneWriter writer(files.lane(0), 1, 0);
    for (const Id call : {1, 1, 2, 2}) {
        writer.invoke(call);
        respond(writer, "null");
    }
    const History history = read(1);
    ASSERT_EQ(history.entries.size(), 5U);
    EXPECT_EQ(history.entries[2].round, 1);
    EXPECT_EQ(history.entries[3].round, 1);
    EXPECT_EQ(history.entries[4].round, 2);
}

TEST_F(Lanes, tell_what_is_pending_without_reading_all_again) {
    scenario_ = with_rounds();
    const LaneFiles files(folder_, 1, 64);
    LaneWriter writer(files.lane(0), 1, 0);
    const LaneReader reader(folder_);
    std::vector<std::size_t> seen;
    EXPECT_TRUE(reader.pending(1, scenario_, seen).entries.empty());
    for (int round = 0; round < 4; ++round) {
        writer.invoke(1);
        const History history = reader.pending(1, scenario_, seen);
        ASSERT_EQ(history.entries.size(), 1U);
        EXPECT_EQ(history.entries[0].call.id, 1);
        respond(writer, std::string(300, ' ') + "1");
        EXPECT_TRUE(reader.pending(1, scenario_, seen).entries.empty());
        EXPECT_EQ(seen, std::vector<std::size_t>{static_cast<std::size_t>(1 + 3 * (round + 1))});
    }
    EXPECT_TRUE(reader.pending(2, scenario_, seen).entries.empty());
}

TEST_F(Lanes, beyond_64_slots_are_a_hole) {
    const LaneFiles files(folder_, 1, 1 << 20);
    struct stat file{};
    ASSERT_EQ(stat((folder_ / "lane-0").c_str(), &file), 0);
    EXPECT_EQ(file.st_size, 128 << 20);
    EXPECT_LT(512 * file.st_blocks, 1 << 20) << "more than the first slots is allocated";
    LaneWriter writer(files.lane(0).last(1), 1, 0);
    writer.end_life();
    EXPECT_EQ(files.lane(0)[(1 << 20) - 1].run, 1U);
}

}  // namespace
}  // namespace conformance
