#include "conformance/wire/scenario_json.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace conformance {
namespace {

constexpr std::int64_t largest_plain = (std::int64_t{1} << 53) - 1;

std::string complaint_about(std::string_view text) {
    try {
        static_cast<void>(scenario_from_json(text));
    } catch (const MalformedMessage& malformed) {
        return malformed.what();
    }
    return "none";
}

TEST(ValueJson, is_as_the_protocol_says) {
    EXPECT_EQ(to_json(Value()), "null");
    EXPECT_EQ(to_json(Value(true)), "true");
    EXPECT_EQ(to_json(Value(-7)), "-7");
    EXPECT_EQ(to_json(Value("a\"b\\c\n\x01")), R"("a\"b\\c\n\u0001")");
    EXPECT_EQ(to_json(Value(Bytes{std::string("\0\xff", 2)})), R"({"bytes":"00ff"})");
    EXPECT_EQ(to_json(Value(List{1, List{}, "x"})), R"([1,[],"x"])");
    EXPECT_EQ(to_json(Value(Opaque::transfer)), R"({"opaque":"transfer"})");
    EXPECT_EQ(to_json(Value(2.0)), R"({"fraction":"2.0"})");
}

TEST(ValueJson, of_an_integer_beyond_2_to_the_53_is_a_text) {
    EXPECT_EQ(to_json(Value(largest_plain)), "9007199254740991");
    EXPECT_EQ(to_json(Value(-largest_plain)), "-9007199254740991");
    EXPECT_EQ(to_json(Value(largest_plain + 1)), R"({"int":"9007199254740992"})");
    EXPECT_EQ(to_json(Value(std::numeric_limits<std::int64_t>::min())),
              R"({"int":"-9223372036854775808"})");
    EXPECT_THROW(static_cast<void>(value_from_json("9007199254740992")), MalformedMessage);
    EXPECT_THROW(static_cast<void>(value_from_json("-9007199254740992")), MalformedMessage);
}

TEST(ValueJson, returns_what_went_in) {
    for (const Value& value :
         {Value(), Value(false), Value(0), Value(std::numeric_limits<std::int64_t>::min()),
          Value(std::numeric_limits<std::int64_t>::max()), Value(largest_plain), Value(""),
          Value(std::string("zero \0 and \x1f, \xc3\xa4", 16)), Value(Bytes{}),
          Value(Bytes{std::string("\0\x80\xff", 3)}), Value(List{List{List{1}}, Value(), "x"}),
          Value(Opaque::transfer), Value(List{Opaque::rebuild}), Value(1.5), Value(-2.0),
          Value(1e300)}) {
        EXPECT_EQ(value_from_json(to_json(value)), value) << to_json(value);
    }
}

TEST(ValueJson, rejects_what_is_no_value) {
    for (const char* const text :
         {"", "1.5", "1e3", "{}", R"({"int":"1","bytes":""})", R"({"int":"1x"})", R"({"int":1})",
          R"({"int":"9223372036854775808"})", R"({"bytes":"0"})", R"({"bytes":"0g"})", "[1,]",
          "nul", "\"\xff\"", "18446744073709551615", R"({"opaque":"glass"})",
          R"({"fraction":"inf"})", R"({"fraction":"1.5x"})"}) {
        EXPECT_THROW(static_cast<void>(value_from_json(text)), MalformedMessage) << text;
    }
}

TEST(ValueJson, rejects_lists_that_would_exhaust_the_stack) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_NO_THROW(static_cast<void>(value_from_json(nested(100))));
    EXPECT_THROW(static_cast<void>(value_from_json(nested(100'000))), MalformedMessage);
}

Scenario example() {
    Scenario scenario;
    scenario.seed = std::numeric_limits<std::uint64_t>::max();
    scenario.aligned = true;
    scenario.perturbation = 20;
    scenario.ends = ProgramEnd::by_failure;
    scenario.objects = {{.id = 10, .type = Type::Lock},
                        {.id = 11, .type = Type::Condition, .arguments = {10}},
                        {.id = 12, .type = Type::Cell, .arguments = {-3}},
                        {.id = 13, .type = Type::WorkerPool},
                        {.id = 14, .type = Type::AsyncResult}};
    scenario.workers = {{.id = 0,
                         .calls = {{.id = 1, .object = 1, .operation = Operation::start},
                                   {.id = 2,
                                    .object = 13,
                                    .operation = Operation::apply_async,
                                    .arguments = {"square", List{7}},
                                    .into = 14},
                                   {.id = 3, .operation = Operation::get_ident}}},
                        {.id = 1,
                         .parent = 0,
                         .name = "On\"e",
                         .daemon = false,
                         .repeat = 1000,
                         .calls = {{.id = 4,
                                    .object = 10,
                                    .operation = Operation::acquire,
                                    .arguments = {true},
                                    .time_limit = TimeLimit::milliseconds(-50)},
                                   {.id = 5,
                                    .object = 10,
                                    .operation = Operation::acquire,
                                    .time_limit = TimeLimit::not_a_number()},
                                   {.id = 6,
                                    .object = 11,
                                    .operation = Operation::wait_for,
                                    .arguments = {12, 1},
                                    .time_limit = TimeLimit::infinite()},
                                   {.id = 7,
                                    .object = 10,
                                    .operation = Operation::offers,
                                    .arguments = {"locked"},
                                    .time_limit = TimeLimit::text()}},
                         .misuse = WorkerMisuse::WorkerPool}};
    return scenario;
}

TEST(ScenarioJson, returns_what_went_in) {
    const std::string json = to_json(example());
    EXPECT_EQ(json.find('\n'), std::string::npos);
    EXPECT_EQ(scenario_from_json(json), example()) << json;
}

TEST(ScenarioJson, leaves_out_what_is_by_default) {
    EXPECT_EQ(to_json(Scenario{.workers = {{.id = 0}}}), R"({"version":1,"workers":[{"id":0}]})");
}

TEST(ScenarioJson, reads_the_example_of_the_protocol) {
    const Scenario scenario = scenario_from_json(
        R"({"version": 1, "seed": 7, "aligned": true, "perturbation": 20,
            "objects": [{"id": 10, "type": "Lock", "args": []}],
            "workers": [
              {"id": 0, "calls": [{"id": 1, "object": 1, "op": "start"},
                                  {"id": 2, "object": 1, "op": "join", "timeout": null}]},
              {"id": 1, "name": "One", "daemon": false,
               "calls": [{"id": 3, "object": 10, "op": "acquire", "args": [true],
                          "timeout": 50000000}]}]})");
    EXPECT_EQ(scenario.seed, 7U);
    EXPECT_EQ(scenario.workers[1].parent, 0);
    EXPECT_EQ(scenario.workers[1].daemon, false);
    EXPECT_TRUE(scenario.workers[0].calls[1].time_limit.is_none());
    EXPECT_EQ(scenario.workers[1].calls[0].time_limit, TimeLimit::milliseconds(50));
}

TEST(ScenarioJson, says_how_the_program_ends) {
    const Scenario scenario{.workers = {{.id = 0}}, .ends = ProgramEnd::by_return};
    EXPECT_EQ(to_json(scenario), R"({"version":1,"ends":"return","workers":[{"id":0}]})");
    for (const ProgramEnd end :
         {ProgramEnd::by_return, ProgramEnd::by_failure, ProgramEnd::by_death}) {
        const Scenario ends{.workers = {{.id = 0}}, .ends = end};
        EXPECT_EQ(scenario_from_json(to_json(ends)).ends, end);
    }
    EXPECT_EQ(scenario_from_json(to_json(scenario)), scenario);
}

/// A lock, a Cell and a pool, a worker 1 with these calls, and a worker 2 that it starts.
std::string complaint_about_calls(const std::string& calls, const std::string& others = {},
                                  const std::string& end = {}) {
    return complaint_about(R"({"version":1,)" + end + R"("objects":[{"id":10,"type":"Lock"},
        {"id":11,"type":"Cell"},{"id":12,"type":"WorkerPool"}],
        "workers":[{"id":0},{"id":1,"calls":[)" +
                           calls + R"(]},
                   {"id":2,"parent":1,"calls":[)" +
                           others + "]}]}");
}

TEST(ScenarioJson, knows_what_was_dropped) {
    const std::string drop = R"({"id":1,"object":10,"op":"drop"})";
    const std::string start = R"({"id":2,"object":2,"op":"start"})";
    const std::string use = R"({"id":3,"object":10,"op":"acquire"})";
    EXPECT_EQ(complaint_about_calls(use + ',' + drop), "none");
    EXPECT_EQ(complaint_about_calls(start + ',' + drop, use), "none");
    EXPECT_NE(complaint_about_calls(drop + ',' + use).find("rule 5.14: call 3 is of object 10"),
              std::string::npos);
    EXPECT_NE(complaint_about_calls(drop + ',' + start, use).find("rule 5.14: call 3"),
              std::string::npos);
    for (const char* const id : {"11", "1", "0", "2", "12"})
        EXPECT_NE(
            complaint_about_calls(R"({"id":1,"object":)" + std::string(id) + R"(,"op":"drop"})")
                .find("rule 5.14"),
            std::string::npos)
            << id;
    for (const char* const id : {"2", "12"})
        EXPECT_EQ(
            complaint_about_calls(R"({"id":1,"object":)" + std::string(id) + R"(,"op":"drop"})", {},
                                  R"("ends":"return",)"),
            "none")
            << id;
}

struct Malformed {
    const char* name;
    const char* text;
    const char* rule;
};

class ScenarioJsonRejects : public testing::TestWithParam<Malformed> {};

TEST_P(ScenarioJsonRejects, and_names_the_rule) {
    EXPECT_NE(complaint_about(GetParam().text).find(GetParam().rule), std::string::npos)
        << complaint_about(GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, ScenarioJsonRejects,
    testing::Values(
        Malformed{"bad_json", R"({"version":1,)", "rule 1.2"},
        Malformed{"version", R"({"version":2,"workers":[{"id":0}]})", "rule 5"},
        Malformed{"no_workers", R"({"version":1,"workers":[]})", "rule 5.1"},
        Malformed{"first_worker", R"({"version":1,"workers":[{"id":1}]})", "rule 5.1"},
        Malformed{"repeat", R"({"version":1,"workers":[{"id":0,"repeat":0}]})", "rule 5.15"},
        Malformed{"parent", R"({"version":1,"workers":[{"id":0},{"id":1,"parent":7}]})",
                  "rule 5.1"},
        Malformed{"type",
                  R"({"version":1,"objects":[{"id":1,"type":"Mutex"}],"workers":[{"id":0}]})",
                  "no type \"Mutex\""},
        Malformed{"operation",
                  R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"op":"fly"}]}]})",
                  "no operation \"fly\""},
        Malformed{"member", R"({"version":1,"speed":9,"workers":[{"id":0}]})",
                  "no member \"speed\""},
        Malformed{"id_twice",
                  R"({"version":1,"objects":[{"id":0,"type":"Lock"}],"workers":[{"id":0}]})",
                  "the id 0 is used twice"},
        Malformed{"call_twice",
                  R"({"version":1,"workers":[{"id":0,"calls":[
                      {"id":1,"op":"get_ident"},{"id":1,"op":"get_ident"}]}]})",
                  "call 1 exists twice"},
        Malformed{"no_object",
                  R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"object":5,"op":"set"}]}]})",
                  "object 5"},
        Malformed{"into_nothing",
                  R"({"version":1,"objects":[{"id":5,"type":"WorkerPool"}],"workers":[{"id":0,
                      "calls":[{"id":1,"object":5,"op":"imap","args":["echo",[]],"into":6}]}]})",
                  "rule 5.3"},
        Malformed{"condition_before_lock",
                  R"({"version":1,"objects":[{"id":5,"type":"Condition","args":[6]},
                      {"id":6,"type":"Lock"}],"workers":[{"id":0}]})",
                  "rule 5.1"},
        Malformed{"callback_with_an_id_beyond_all_ids",
                  R"({"version":1,"objects":[{"id":5,"type":"WorkerPool"},{"id":6,"type":"Event"}],
                      "workers":[{"id":0,"calls":[{"id":1,"object":5,"op":"map_async",
                      "args":["echo",[1],1,["set",4294967302]]}]}]})",
                  "rule 5.1"},
        Malformed{"callback_without_action",
                  R"({"version":1,"objects":[{"id":5,"type":"WorkerPool"},{"id":6,"type":"Cell"}],
                      "workers":[{"id":0,"calls":[{"id":1,"object":5,"op":"apply_async",
                      "args":["echo",[1],["shout",6]]}]}]})",
                  "rule 5.16"},
        Malformed{"callback_without_object",
                  R"({"version":1,"objects":[{"id":5,"type":"WorkerPool"},{"id":6,"type":"Event"}],
                      "workers":[{"id":0,"calls":[{"id":1,"object":5,"op":"map_async",
                      "args":["echo",[1],1,null,["add",6]]}]}]})",
                  "rule 5.1"},
        Malformed{"future_without_callback",
                  R"({"version":1,"objects":[{"id":5,"type":"Future"}],"workers":[{"id":0,
                      "calls":[{"id":1,"object":5,"op":"add_done_callback"}]}]})",
                  "rule 5.16"},
        Malformed{"misuse", R"({"version":1,"workers":[{"id":0},{"id":1,"misuse":"feet"}]})",
                  "rule 5.19"},
        Malformed{"misuse_of_the_main_worker",
                  R"({"version":1,"workers":[{"id":0,"misuse":"target"}]})", "rule 5.19"},
        Malformed{"negative_id", R"({"version":1,"workers":[{"id":-1}]})", "rule 5.1"},
        Malformed{"time_limit",
                  R"({"version":1,"workers":[{"id":0,"calls":[
                      {"id":1,"object":0,"op":"join","timeout":0.5}]}]})",
                  "rule 5.2"},
        Malformed{"end", R"({"version":1,"ends":"exit","workers":[{"id":0}]})", "rule 3.9"},
        Malformed{"main_worker_raises",
                  R"({"version":1,"workers":[{"id":0,"calls":[
                      {"id":1,"op":"raise","args":["ValueError","x"]}]}]})",
                  "rule 5.13"},
        Malformed{"calls_after_raise",
                  R"({"version":1,"workers":[{"id":0},{"id":1,"calls":[
                      {"id":1,"op":"raise","args":["ValueError","x"]},{"id":2,"op":"get_ident"}]}]})",
                  "rule 5.13"},
        Malformed{"rounds_after_raise",
                  R"({"version":1,"workers":[{"id":0},{"id":1,"repeat":2,"calls":[
                      {"id":1,"op":"raise","args":["ValueError","x"]}]}]})",
                  "rule 5.13"},
        Malformed{"raise_nothing",
                  R"({"version":1,"workers":[{"id":0},{"id":1,"calls":[
                      {"id":1,"op":"raise","args":["Sunburn","x"]}]}]})",
                  "rule 5.13"},
        Malformed{"perturbation", R"({"version":1,"perturbation":101,"workers":[{"id":0}]})",
                  "rule 5.6"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace conformance
