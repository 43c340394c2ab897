#include "conformance/engine/driver_messages.hpp"

#include <utility>

#include "conformance/wire/json_reading.hpp"

namespace conformance {
namespace {

using json_reading::Json;

/// A line of standard output as an object. Throws BrokenProtocol.
Json parse_message(const std::string& line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] != '{')
        throw BrokenProtocol("rule 1.3: the driver wrote " + excerpt(line) +
                             " to standard output, which carries messages only");
    Json message = Json::parse(line, nullptr, false);
    if (message.is_discarded())
        throw BrokenProtocol("rule 1.2: the driver wrote " + excerpt(line) +
                             ", which is no well-formed JSON");
    return message;
}

template <class T>
T member(const Json& object, const char* name) {
    if (auto found = json_reading::member_as<T>(object, name)) return *std::move(found);
    throw BrokenProtocol("rule 2.2: the greeting has no member \"" + std::string(name) +
                         "\" of the right type");
}

std::string text_or_nothing(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string excerpt(const std::string& line) {
    std::string text = "\"";
    for (const char c : line.substr(0, 120)) {
        if (static_cast<unsigned char>(c) >= ' ' && static_cast<unsigned char>(c) < 127) text += c;
    }
    return text + (line.size() > 120 ? "...\"" : "\"");
}

std::string hello_line(const std::string& backend, const std::filesystem::path& logs, int lanes,
                       int slots) {
    const Json hello = {{"protocol", protocol_version},
                        {"backend", backend},
                        {"logs", logs.string()},
                        {"lanes", lanes},
                        {"slots", slots}};
    return Json{{"hello", hello}}.dump();
}

std::string run_line(std::uint64_t run, const Scenario& scenario) {
    return R"({"run": )" + std::to_string(run) + R"(, "scenario": )" + to_json(scenario) + '}';
}

Greeting parse_greeting(const std::string& line) {
    const Json message = parse_message(line);
    if (const auto error = message.find("error"); error != message.end() && error->is_string())
        throw UnusableDriver("the driver says that it cannot be used: " +
                             error->get<std::string>());
    const auto hello = message.find("hello");
    if (hello == message.end() || !hello->is_object())
        throw BrokenProtocol("rule 2.2: the driver's first message is " + excerpt(line) +
                             " and no greeting");
    Greeting greeting;
    greeting.protocol = member<int>(*hello, "protocol");
    // The other members may have changed with the version.
    if (greeting.protocol != protocol_version) return greeting;
    greeting.implementation = member<std::string>(*hello, "implementation");
    greeting.version = member<std::string>(*hello, "version");
    greeting.language = member<std::string>(*hello, "language");
    greeting.backends = member<std::vector<std::string>>(*hello, "backends");
    greeting.capabilities = member<std::set<std::string>>(*hello, "capabilities");
    return greeting;
}

Answer parse_answer(const std::string& line, std::uint64_t run) {
    const Json message = parse_message(line);
    for (const char* const name : {"done", "unsupported", "failed", "overflow"}) {
        const auto number = message.find(name);
        if (number == message.end()) continue;
        if (!number->is_number_unsigned() || number->get<std::uint64_t>() != run)
            throw BrokenProtocol("rule 3.4: the driver answered " + excerpt(line) + " to run " +
                                 std::to_string(run));
        switch (*name) {
            case 'd':
                return Done{};
            case 'u':
                return Unsupported{text_or_nothing(message, "what")};
            case 'f':
                return Failed{text_or_nothing(message, "why")};
            default:
                return Overflow{};
        }
    }
    throw BrokenProtocol("rule 3.4: the driver answered " + excerpt(line) +
                         ", which is none of done, unsupported, failed and overflow");
}

}  // namespace conformance
