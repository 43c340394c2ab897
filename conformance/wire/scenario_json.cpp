#include "conformance/wire/scenario_json.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

#include "conformance/wire/json_reading.hpp"
#include "conformance/wire/json_writer.hpp"
#include "conformance/wire/scenario_check.hpp"

namespace conformance {
namespace json_reading {
namespace {

void require_known_members(const Json& object, std::initializer_list<std::string_view> known) {
    if (!object.is_object()) reject("5", "an object is expected");
    for (const auto& item : object.items()) {
        if (std::find(known.begin(), known.end(), item.key()) == known.end())
            reject("5", "a scenario has no member \"" + item.key() + "\"");
    }
}

Id id(const Json& json, const char* what) {
    return static_cast<Id>(integer(json, "5.1", what, 0, std::numeric_limits<Id>::max()));
}

bool flag(const Json& json, const char* what) {
    if (!json.is_boolean()) reject("5", std::string(what) + " is neither true nor false");
    return json.get<bool>();
}

List list(const Json& json) {
    if (!json.is_array()) reject("5", "args is no list");
    List result;
    result.reserve(json.size());
    for (const Json& element : json)
        result.push_back(value(element, 1));
    return result;
}

TimeLimit time_limit(const Json& json) {
    if (json.is_null()) return {};
    if (json.is_string() && json == "inf") return TimeLimit::infinite();
    if (json.is_string() && json == "nan") return TimeLimit::not_a_number();
    if (json.is_string() && json == "text") return TimeLimit::text();
    return TimeLimit::nanoseconds(integer(json, "5.2", "timeout"));
}

Call call(const Json& json) {
    require_known_members(json, {"id", "object", "op", "args", "timeout", "into"});
    const std::string& name = text(member(json, "op", "5"), "5", "op");
    const std::optional<Operation> operation = operation_from(name);
    if (!operation || *operation == Operation::run)
        reject("5.7", "there is no operation \"" + name + "\"");
    Call result{.id = id(member(json, "id", "5.1"), "id of a call"), .operation = *operation};
    if (const Json* const object = optional_member(json, "object"))
        result.object = id(*object, "object");
    if (const Json* const arguments = optional_member(json, "args"))
        result.arguments = list(*arguments);
    if (const Json* const timeout = optional_member(json, "timeout"))
        result.time_limit = time_limit(*timeout);
    if (const Json* const into = optional_member(json, "into")) result.into = id(*into, "into");
    return result;
}

Object object(const Json& json) {
    require_known_members(json, {"id", "type", "args"});
    const std::string& name = text(member(json, "type", "5"), "5", "type");
    const std::optional<Type> type = type_from(name);
    if (!type) reject("5", "there is no type \"" + name + "\"");
    Object result{.id = id(member(json, "id", "5.1"), "id of an object"), .type = *type};
    if (const Json* const arguments = optional_member(json, "args"))
        result.arguments = list(*arguments);
    return result;
}

WorkerPlan worker(const Json& json, bool is_first) {
    require_known_members(json, {"id", "parent", "name", "daemon", "misuse", "repeat", "calls"});
    WorkerPlan result{.id = id(member(json, "id", "5.1"), "id of a worker")};
    if (const Json* const parent = optional_member(json, "parent")) {
        if (is_first) reject("5.1", "the first worker has no parent");
        result.parent = id(*parent, "parent");
    } else if (!is_first) {
        result.parent = 0;
    }
    if (const Json* const name = optional_member(json, "name"))
        result.name = text(*name, "5", "name");
    if (const Json* const daemon = optional_member(json, "daemon"))
        result.daemon = flag(*daemon, "daemon");
    if (const Json* const repeat = optional_member(json, "repeat"))
        result.repeat =
            integer(*repeat, "5.15", "repeat", 1, std::numeric_limits<std::int32_t>::max());
    if (const Json* const misuse = optional_member(json, "misuse")) {
        const std::string& kind = text(*misuse, "5", "misuse");
        const std::optional<WorkerMisuse> known = worker_misuse_from(kind);
        if (!known || is_first) reject("5.19", "no worker can be misused as \"" + kind + "\"");
        result.misuse = *known;
    }
    if (const Json* const calls = optional_member(json, "calls")) {
        if (!calls->is_array()) reject("5", "calls is no list");
        result.calls.reserve(calls->size());
        for (const Json& one : *calls)
            result.calls.push_back(call(one));
    }
    return result;
}

std::uint64_t seed(const Json& json) {
    if (!json.is_number_unsigned()) reject("5", "seed is no integer from 0 up");
    return json.get<std::uint64_t>();
}

ProgramEnd program_end(const Json& json) {
    if (json == "return") return ProgramEnd::by_return;
    if (json == "raise") return ProgramEnd::by_failure;
    if (json == "die") return ProgramEnd::by_death;
    reject("3.9", "ends is not \"return\", \"raise\" or \"die\"");
}

}  // namespace

Scenario scenario(const Json& json) {
    require_known_members(
        json, {"version", "seed", "aligned", "perturbation", "ends", "objects", "workers"});
    if (integer(member(json, "version", "5"), "5", "version") != Scenario::version)
        reject("5", "only version 1 of scenarios is known");
    Scenario result;
    if (const Json* const number = optional_member(json, "seed")) result.seed = seed(*number);
    if (const Json* const aligned = optional_member(json, "aligned"))
        result.aligned = flag(*aligned, "aligned");
    if (const Json* const percent = optional_member(json, "perturbation"))
        result.perturbation = static_cast<int>(integer(*percent, "5.6", "perturbation", 0, 100));
    if (const Json* const end = optional_member(json, "ends")) result.ends = program_end(*end);
    if (const Json* const objects = optional_member(json, "objects")) {
        if (!objects->is_array()) reject("5", "objects is no list");
        for (const Json& one : *objects)
            result.objects.push_back(object(one));
    }
    const Json& workers = member(json, "workers", "5");
    if (!workers.is_array() || workers.empty()) reject("5.1", "there are no workers");
    for (const Json& one : workers)
        result.workers.push_back(worker(one, result.workers.empty()));
    check_scenario(result);
    return result;
}

}  // namespace json_reading

namespace {

void append_member(std::string& json, std::string_view name) {
    if (json.back() != '{') json += ',';
    json += '"';
    json += name;
    json += "\":";
}

void append_integer(std::string& json, std::string_view name, std::int64_t number) {
    append_member(json, name);
    json += std::to_string(number);
}

void append_text(std::string& json, std::string_view name, std::string_view text) {
    append_member(json, name);
    append_quoted(json, text);
}

void append_arguments(std::string& json, const List& arguments) {
    if (arguments.empty()) return;
    append_member(json, "args");
    append_json(json, arguments);
}

void append_time_limit(std::string& json, TimeLimit limit) {
    switch (limit.kind()) {
        case TimeLimit::Kind::none:
            return;
        case TimeLimit::Kind::finite:
            return append_integer(json, "timeout", limit.count());
        case TimeLimit::Kind::infinite:
            return append_text(json, "timeout", "inf");
        case TimeLimit::Kind::not_a_number:
            return append_text(json, "timeout", "nan");
        case TimeLimit::Kind::text:
            return append_text(json, "timeout", "text");
    }
}

void append(std::string& json, const Object& object) {
    json += '{';
    append_integer(json, "id", object.id);
    append_text(json, "type", to_string(object.type));
    append_arguments(json, object.arguments);
    json += '}';
}

void append(std::string& json, const Call& call) {
    json += '{';
    append_integer(json, "id", call.id);
    if (call.object != no_object) append_integer(json, "object", call.object);
    append_text(json, "op", to_string(call.operation));
    append_arguments(json, call.arguments);
    append_time_limit(json, call.time_limit);
    if (call.into != no_object) append_integer(json, "into", call.into);
    json += '}';
}

void append(std::string& json, const WorkerPlan& worker);

template <class Elements>
void append_list(std::string& json, std::string_view name, const Elements& elements) {
    append_member(json, name);
    json += '[';
    for (const auto& element : elements) {
        if (json.back() != '[') json += ',';
        append(json, element);
    }
    json += ']';
}

void append(std::string& json, const WorkerPlan& worker) {
    json += '{';
    append_integer(json, "id", worker.id);
    if (worker.parent != no_object) append_integer(json, "parent", worker.parent);
    if (!worker.name.empty()) append_text(json, "name", worker.name);
    if (worker.daemon) {
        append_member(json, "daemon");
        json += *worker.daemon ? "true" : "false";
    }
    if (worker.repeat != 1) append_integer(json, "repeat", worker.repeat);
    if (worker.misuse != WorkerMisuse::none) append_text(json, "misuse", to_string(worker.misuse));
    if (!worker.calls.empty()) append_list(json, "calls", worker.calls);
    json += '}';
}

const char* text_of(ProgramEnd end) {
    switch (end) {
        case ProgramEnd::by_return:
            return "return";
        case ProgramEnd::by_failure:
            return "raise";
        default:
            return "die";
    }
}

}  // namespace

std::string to_json(const Scenario& scenario) {
    std::string json = "{\"version\":1";
    if (scenario.seed != 0) json += ",\"seed\":" + std::to_string(scenario.seed);
    if (scenario.aligned) json += ",\"aligned\":true";
    if (scenario.perturbation != 0) append_integer(json, "perturbation", scenario.perturbation);
    if (scenario.ends != ProgramEnd::none) append_text(json, "ends", text_of(scenario.ends));
    if (!scenario.objects.empty()) append_list(json, "objects", scenario.objects);
    append_list(json, "workers", scenario.workers);
    return json + '}';
}

Scenario scenario_from_json(std::string_view text) {
    return json_reading::scenario(json_reading::parse(text));
}

}  // namespace conformance
