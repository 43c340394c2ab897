#include "conformance/engine/scenario_text.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "spec/scenario/callback.hpp"

namespace conformance {
namespace {

std::string quoted(const std::string& text) {
    std::string code = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            code += std::string("\\") + c;
        } else if (byte >= ' ' && byte < 127) {
            code += c;
        } else {
            // Octal, of three digits: a digit that follows is not swallowed.
            code += '\\';
            for (const int shift : {6, 3, 0})
                code += static_cast<char>('0' + ((byte >> shift) & 7));
        }
    }
    return code + '"';
}

/// Code that is read by people has room for less than a scenario that is replayed from its file.
constexpr std::size_t longest_text = 2'000;

std::string quoted_shortened(const std::string& text) {
    if (text.size() <= longest_text) return quoted(text);
    return quoted(text.substr(0, longest_text)) + " /* and " +
           std::to_string(text.size() - longest_text) + " more bytes: --replay has them */";
}

std::string elements(const List& list) {
    std::string code;
    for (const Value& element : list)
        code += (code.empty() ? "" : ", ") + to_code(element);
    return code;
}

std::string to_code(TimeLimit limit) {
    switch (limit.kind()) {
        case TimeLimit::Kind::none:
            return "{}";
        case TimeLimit::Kind::infinite:
            return "TimeLimit::infinite()";
        case TimeLimit::Kind::not_a_number:
            return "TimeLimit::not_a_number()";
        case TimeLimit::Kind::text:
            return "TimeLimit::text()";
        case TimeLimit::Kind::finite:
            break;
    }
    constexpr std::int64_t millisecond = 1'000'000;
    if (limit.count() % millisecond == 0)
        return "TimeLimit::milliseconds(" + std::to_string(limit.count() / millisecond) + ')';
    return "TimeLimit::nanoseconds(" + to_code(Value(limit.count())) + ')';
}

std::string lower_case(std::string_view type) {
    std::string name;
    for (const char c : type) {
        const bool starts_word =
            std::isupper(static_cast<unsigned char>(c)) != 0 && !name.empty() && name != "r";
        if (starts_word) name += '_';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return name;
}

/// Operations for which Script has a method without arguments beside the object.
bool is_plain(Operation operation) {
    static const std::set<Operation> plain{
        Operation::acquire,   Operation::release,       Operation::locked,
        Operation::wait,      Operation::notify_all,    Operation::set,
        Operation::clear,     Operation::is_set,        Operation::reset,
        Operation::abort,     Operation::parties,       Operation::n_waiting,
        Operation::broken,    Operation::get,           Operation::get_nowait,
        Operation::qsize,     Operation::empty,         Operation::full,
        Operation::task_done, Operation::read,          Operation::create,
        Operation::start,     Operation::join,          Operation::is_alive,
        Operation::kill,      Operation::await_blocked, Operation::result,
        Operation::drop};
    return plain.contains(operation);
}

bool takes_limit(Operation operation) {
    return operation == Operation::wait || operation == Operation::join ||
           operation == Operation::result;
}

class Coder {
  public:
    explicit Coder(const Scenario& scenario) : scenario_(scenario) {}

    std::string code() {
        std::string text = "ScenarioBuilder scenario;\n";
        for (const auto& [id, declaration] : declarations())
            text += declaration;
        for (const auto& [worker, call] : calls())
            text += statement(*worker, *call);
        for (const WorkerPlan& worker : scenario_.workers) {
            if (worker.repeat != 1)
                text += variable(worker.id) + ".repeat(" + std::to_string(worker.repeat) + ");\n";
        }
        if (scenario_.aligned) text += "scenario.align();\n";
        if (scenario_.perturbation != 0)
            text += "scenario.perturb(" + std::to_string(scenario_.perturbation) + ", " +
                    std::to_string(scenario_.seed) + ");\n";
        if (scenario_.ends != ProgramEnd::none)
            text += std::string("scenario.end_program(ProgramEnd::") + end_text() + ");\n";
        return text;
    }

  private:
    [[nodiscard]] const char* end_text() const {
        return scenario_.ends == ProgramEnd::by_return    ? "by_return"
               : scenario_.ends == ProgramEnd::by_failure ? "by_failure"
                                                          : "by_death";
    }
    using Placed = std::pair<const WorkerPlan*, const Call*>;

    [[nodiscard]] std::string variable(Id id) const {
        if (const Object* const object = scenario_.find_object(id))
            return lower_case(to_string(object->type)) + '_' + std::to_string(id);
        if (id == no_object) return "no_object";
        return id == 0 ? "main" : "worker_" + std::to_string(id);
    }
    /// As an Id: a Script has one.
    [[nodiscard]] std::string identifier(Id id) const {
        return variable(id) + (scenario_.find_worker(id) != nullptr ? ".id()" : "");
    }

    /// By id, which is the order in which the builder gives them.
    [[nodiscard]] std::vector<std::pair<Id, std::string>> declarations() const {
        std::vector<std::pair<Id, std::string>> all;
        for (const Object& object : scenario_.objects) {
            if (!is_result(object.type)) all.emplace_back(object.id, declaration(object));
        }
        for (const WorkerPlan& worker : scenario_.workers)
            all.emplace_back(worker.id, declaration(worker));
        std::ranges::sort(all);
        return all;
    }

    [[nodiscard]] std::string declaration(const Object& object) const {
        std::string code = "const Id " + variable(object.id) +
                           " = scenario.add(Type::" + std::string(to_string(object.type));
        const bool has_lock = object.type == Type::Condition && !object.arguments.empty() &&
                              object.arguments[0].is_int();
        if (has_lock) {
            code += ", {" + variable(static_cast<Id>(object.arguments[0].as_int())) + '}';
        } else if (!object.arguments.empty()) {
            code += ", {" + elements(object.arguments) + '}';
        }
        return code + ");\n";
    }

    [[nodiscard]] std::string declaration(const WorkerPlan& worker) const {
        if (worker.id == 0) return "const Script main = scenario.main();\n";
        std::string code = "const Script " + variable(worker.id) + " = scenario.worker(";
        const bool has_parent = worker.parent != 0;
        if (!worker.name.empty() || worker.daemon || has_parent) code += quoted(worker.name);
        if (worker.daemon || has_parent)
            code += worker.daemon ? (*worker.daemon ? ", true" : ", false") : ", {}";
        if (has_parent) code += ", " + identifier(worker.parent);
        code += ");\n";
        if (worker.misuse != WorkerMisuse::none)
            code += "scenario.misuse(" + variable(worker.id) +
                    ", WorkerMisuse::" + std::string(to_string(worker.misuse)) + ");\n";
        return code;
    }

    [[nodiscard]] std::vector<Placed> calls() const {
        std::vector<Placed> all;
        for (const WorkerPlan& worker : scenario_.workers) {
            for (const Call& call : worker.calls)
                all.emplace_back(&worker, &call);
        }
        // Ids may have been given in another order than that of a worker's calls, which counts.
        const bool ordered = std::ranges::all_of(scenario_.workers, [](const WorkerPlan& worker) {
            return std::ranges::is_sorted(worker.calls, {}, &Call::id);
        });
        if (ordered)
            std::ranges::sort(all, {}, [](const Placed& placed) { return placed.second->id; });
        return all;
    }

    [[nodiscard]] std::string statement(const WorkerPlan& worker, const Call& call) const {
        std::string code = variable(worker.id) + '.';
        if (call.into != no_object) code = "const Id " + variable(call.into) + " = " + code;
        const std::string short_form = short_form_of(call);
        return code + (short_form.empty() ? long_form_of(call) : short_form) + ";\n";
    }

    /// By one of Script's named methods; empty if there is none for it.
    [[nodiscard]] std::string short_form_of(const Call& call) const {
        const List& arguments = call.arguments;
        const std::string name(to_string(call.operation));
        const std::string object = variable(call.object);
        const std::string limit =
            call.time_limit.is_none() ? std::string() : ", " + to_code(call.time_limit);
        const bool timed = !limit.empty();
        const std::size_t count = arguments.size();
        if (call.object == no_object) return {};
        switch (call.operation) {
            case Operation::acquire:
            case Operation::get:
                if (timed && arguments == List{true}) return name + '(' + object + limit + ')';
                if (!timed && arguments == List{false} && call.operation == Operation::acquire)
                    return "try_acquire(" + object + ')';
                break;
            case Operation::put:
                if (timed && count == 2 && arguments[1] == Value(true))
                    return "put(" + object + ", " + to_code(arguments[0]) + limit + ')';
                [[fallthrough]];
            case Operation::put_nowait:
            case Operation::write:
            case Operation::add:
            case Operation::notify:
            case Operation::with:
                if (!timed && count == 1)
                    return name + '(' + object + ", " + to_code(arguments[0]) + ')';
                break;
            case Operation::wait_for:
                if (count == 2 && arguments[0].is_int())
                    return name + '(' + object + ", " +
                           identifier(static_cast<Id>(arguments[0].as_int())) + ", " +
                           to_code(arguments[1]) + limit + ')';
                break;
            case Operation::apply:
            case Operation::apply_async:
            case Operation::submit:
                if (!timed && count == 2 && arguments[0].is_string() && arguments[1].is_list())
                    return name + '(' + object + ", " + to_code(arguments[0]) + ", {" +
                           elements(arguments[1].as_list()) + "})";
                break;
            default:
                break;
        }
        if (is_plain(call.operation) && count == 0 && (!timed || takes_limit(call.operation)))
            return name + '(' + object + limit + ')';
        return {};
    }

    [[nodiscard]] std::string long_form_of(const Call& call) const {
        std::string code = "call(";
        if (const Object* const result = scenario_.find_object(call.into))
            code = "call_into(Type::" + std::string(to_string(result->type)) + ", ";
        code += identifier(call.object) + ", Operation::" + std::string(to_string(call.operation));
        const bool timed = !call.time_limit.is_none();
        if (!call.arguments.empty() || timed) code += ", {" + elements_of(call) + '}';
        if (timed) code += ", " + to_code(call.time_limit);
        return code + ')';
    }

    /// Callbacks name their objects.
    [[nodiscard]] std::string elements_of(const Call& call) const {
        const std::vector<std::size_t> callbacks = callback_places(call);
        std::string code;
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            const bool is_callback = std::ranges::find(callbacks, i) != callbacks.end();
            code += code.empty() ? "" : ", ";
            code += is_callback ? code_of_callback(call.arguments[i]) : to_code(call.arguments[i]);
        }
        return code;
    }
    [[nodiscard]] std::string code_of_callback(const Value& callback) const {
        const Id object = object_of_callback(callback);
        if (scenario_.find_object(object) == nullptr) return to_code(callback);
        const List& parts = callback.as_list();
        std::string code = "Value(List{" + to_code(parts[0]) + ", " + identifier(object);
        if (parts.size() > 2) code += ", " + elements(List(parts.begin() + 2, parts.end()));
        return code + "})";
    }

    const Scenario& scenario_;
};

}  // namespace

std::string to_code(const Value& value) {
    if (value.is_string()) return quoted_shortened(value.as_string());
    if (value.is_bytes()) {
        const std::string& content = value.as_bytes().content;
        return "Bytes{std::string(" + quoted_shortened(content) + ", " +
               std::to_string(content.size()) + ")}";
    }
    if (value.is_opaque()) return "Opaque::" + std::string(to_string(value.as_opaque()));
    if (value.is_list()) return "Value(List{" + elements(value.as_list()) + "})";
    if (value.is_int() && value.as_int() == std::numeric_limits<std::int64_t>::min())
        return "std::numeric_limits<std::int64_t>::min()";
    return value.is_null() ? "Value()" : to_string(value);
}

std::string to_code(const Scenario& scenario) {
    return Coder(scenario).code();
}

}  // namespace conformance
