/// \file
/// What runner and driver tell one another, from hostile bytes and round trip, on both sides of the protocol.
///
/// The first byte chooses a door. Behind the doors of text the rest of the input is a message; behind the others it
/// chooses what a lane holds, or how lines come out of a pipe. What comes in is refused by the error that the header
/// promises and by no other; what is accepted is written and read again as the same.

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conformance/engine/capabilities.hpp"
#include "conformance/engine/driver_messages.hpp"
#include "conformance/engine/error_output.hpp"
#include "conformance/engine/line_reader.hpp"
#include "conformance/wire/driver_request.hpp"
#include "conformance/wire/lane_files.hpp"
#include "conformance/wire/lane_reader.hpp"
#include "conformance/wire/lane_writer.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"
#include "fuzz/scratch_folder.hpp"

namespace {

using namespace conformance;
using fuzz::ByteSource;
using fuzz::require;
using namespace std::chrono_literals;

/// A sentence for people: one line.
void require_sentence(std::string_view what) {
    require(!what.empty(), "a refusal that says nothing");
}

/// A scenario that was accepted is written as one line that means the same, to the driver and to the runner.
void require_stable(const Scenario& scenario) {
    const std::string line = run_line(7, scenario);
    require(line.find('\n') == std::string::npos, "a message of two lines");
    const DriverRequest request = driver_request_from_json(line);
    const auto* const run = std::get_if<RunRequest>(&request);
    require(run != nullptr && run->run == 7, "a run arrives as something else");
    require(run->scenario == scenario, "a scenario arrives as another");
    const auto needs = needs_of(scenario);
    require(!missing_capability(scenario, needs), "a scenario needs what it does not say");
}

void request(ByteSource& source) {
    try {
        const DriverRequest request = driver_request_from_json(source.rest());
        if (const auto* const hello = std::get_if<HelloRequest>(&request)) {
            require(hello->lanes >= 1 && hello->slots >= 1, "a driver without lanes or slots");
            require(hello->slots <= SIZE_MAX / sizeof(LaneSlot),
                    "a lane of more bytes than there are");
            return;
        }
        require_stable(std::get<RunRequest>(request).scenario);
    } catch (const MalformedMessage& malformed) {
        require_sentence(malformed.what());
    }
}

void scenario(ByteSource& source) {
    try {
        require_stable(scenario_from_json(source.rest()));
    } catch (const MalformedMessage& malformed) {
        require_sentence(malformed.what());
    }
}

void value(ByteSource& source) {
    try {
        const Value value = value_from_json(source.rest());
        const std::string json = to_json(value);
        const Value again = value_from_json(json);
        require(again == value && again.hash() == value.hash(),
                "a value is read as another than was written");
        require(to_json(again) == json, "one value is written in two ways");
        static_cast<void>(to_string(value));
    } catch (const MalformedMessage& malformed) {
        require_sentence(malformed.what());
    }
}

void greeting(ByteSource& source) {
    try {
        const Greeting greeting = parse_greeting(std::string(source.rest()));
        for (const std::string& name : greeting.capabilities)
            static_cast<void>(has_capability(greeting.capabilities, name));
    } catch (const BrokenProtocol& broken) {
        require_sentence(broken.what());
    } catch (const UnusableDriver& unusable) {
        require_sentence(unusable.what());
    }
}

void answer(ByteSource& source) {
    const std::uint64_t run = source.byte();
    try {
        static_cast<void>(parse_answer(std::string(source.rest()), run));
    } catch (const BrokenProtocol& broken) {
        require_sentence(broken.what());
    }
}

/// The greeting of the runner, which the driver has to understand.
void hello(ByteSource& source) {
    const std::string backend = source.flag() ? "threading" : "multiprocessing";
    const int lanes = 1 + source.number<std::uint16_t>() % (1 << 16);
    const int slots = 1 + (source.number<std::int32_t>() & 0x3fffffff);
    const DriverRequest request =
        driver_request_from_json(hello_line(backend, "/tmp/logs", lanes, slots));
    const auto& hello = std::get<HelloRequest>(request);
    require(hello.backend == backend && hello.logs == "/tmp/logs" &&
                hello.lanes == static_cast<std::size_t>(lanes) &&
                hello.slots == static_cast<std::size_t>(slots),
            "a greeting arrives as another");
}

/// Lines come out of a pipe in any pieces; each comes once, whole, in its order.
void lines(ByteSource& source) {
    int ends[2];
    require(::pipe2(ends, O_CLOEXEC) == 0, "there is no pipe");
    LineReader reader(ends[0]);
    std::string written;
    std::string read;
    const auto take = [&] {
        for (;;) {
            const auto event = reader.next(0ns);
            if (event != LineReader::Event::line) return event;
            require(reader.line().find('\n') == std::string::npos, "two lines for one");
            read += reader.line() + '\n';
        }
    };
    while (!source.is_empty()) {
        const std::string piece = source.text(255);
        require(::write(ends[1], piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()),
                "a pipe is full");
        written += piece;
        if (source.flag())
            require(take() == LineReader::Event::nothing, "the end of a pipe that is open");
    }
    ::close(ends[1]);
    require(take() == LineReader::Event::end, "a pipe without an end");
    read += reader.line();
    require(read == written, "lines are not what was written");
}

/// Whatever a driver writes to standard error: a bounded part of it is kept, and shown as one sentence.
void last_words_of(ByteSource& source) {
    ErrorOutput output;
    const std::size_t times = 1 + source.number<std::uint16_t>() % 2000;
    const std::string text(source.rest());
    for (std::size_t i = 0; i < times && !text.empty(); ++i)
        require(::write(output.descriptor(), text.data(), text.size()) ==
                    static_cast<ssize_t>(text.size()),
                "the file in memory is full");
    if (times % 2 == 0) output.trim();
    const std::string taken = output.take();
    require(taken.size() <= 2 * ErrorOutput::most, "more is kept than was said");
    require(output.take().empty(), "what was taken is taken again");
    static_cast<void>(last_words(taken));
}

/// A scenario of two workers whose calls the lanes are about.
const Scenario& lane_scenario() {
    static const Scenario scenario = [] {
        Scenario made;
        made.objects = {{.id = 10, .type = Type::Queue}};
        made.workers = {
            {.id = 0,
             .calls = {{.id = 1, .object = 1, .operation = Operation::start},
                       {.id = 2, .object = 1, .operation = Operation::kill},
                       {.id = 3, .object = 10, .operation = Operation::get}}},
            {.id = 1,
             .parent = 0,
             .repeat = 3,
             .calls = {{.id = 4, .object = 10, .operation = Operation::put, .arguments = {1}},
                       {.id = 5, .object = 10, .operation = Operation::get}}}};
        return made;
    }();
    return scenario;
}

std::filesystem::path lane_file(const fuzz::ScratchFolder& folder, int lane) {
    return folder.path() / ("lane-" + std::to_string(lane));
}

void write_file(const std::filesystem::path& file, std::string_view bytes) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(descriptor >= 0 && ::write(descriptor, bytes.data(), bytes.size()) ==
                                   static_cast<ssize_t>(bytes.size()),
            "a scratch file cannot be written");
    ::close(descriptor);
}

/// What the runner does with the lanes of a run, while it goes on and when it is over.
void read_lanes(const fuzz::ScratchFolder& folder) {
    const LaneReader reader(folder.path());
    std::vector<std::size_t> seen;
    for (int i = 0; i < 2; ++i) {
        try {
            for (const Entry& entry : reader.pending(7, lane_scenario(), seen).entries)
                require(!entry.responded, "a call is said to be pending that responded");
        } catch (const MalformedMessage& malformed) {
            require_sentence(malformed.what());
        }
    }
    try {
        for (const Entry& entry : reader.read(7, lane_scenario()).entries)
            require(entry.invoked >= 0 && (!entry.responded || *entry.responded >= entry.invoked),
                    "a response before its invocation");
    } catch (const MalformedMessage& malformed) {
        require_sentence(malformed.what());
    }
}

/// Lanes of any bytes, as a driver that lies might leave them.
void hostile_lanes(ByteSource& source) {
    static const fuzz::ScratchFolder folder;
    std::array<LaneSlot, 4> slots;
    for (int lane = 0; lane < 2; ++lane) {
        std::memset(slots.data(), 0, sizeof slots);
        for (LaneSlot& slot : slots) {
            slot.run = source.flag() ? 7 : source.byte();
            slot.worker = source.flag() ? lane : source.number<std::int32_t>();
            slot.call = static_cast<std::int8_t>(source.byte());
            slot.state = source.byte() % 4;
            slot.outcome = source.byte() % 3;
            slot.invoked = source.number<std::int16_t>();
            slot.responded = source.number<std::int16_t>();
            slot.text_size = source.flag() ? source.byte() : source.number<std::uint32_t>();
            const std::string text = source.text(LaneSlot::text_capacity);
            std::memcpy(slot.text.data(), text.data(), text.size());
        }
        // Also a file that ends within a slot. (mmap takes no empty one, which the runner does not open either.)
        const std::size_t size = sizeof slots - source.number<std::uint16_t>() % sizeof slots;
        write_file(lane_file(folder, lane), {reinterpret_cast<const char*>(slots.data()), size});
    }
    read_lanes(folder);
}

/// What a driver that keeps to the protocol writes is read as it was meant, whenever it is interrupted.
void honest_lane(ByteSource& source) {
    fuzz::ScratchFolder folder;
    constexpr std::size_t slots = 6;
    History meant;
    bool is_torn = false;
    {
        LaneFiles files(folder.path(), 2, slots);
        LaneWriter writer(files.lane(0), 7, 0);
        std::size_t written = 0;
        const int calls = source.below(4);
        for (int call = 1; call <= calls && !is_torn; ++call) {
            writer.invoke(call);
            if (writer.overflowed()) break;
            const bool is_error = source.flag();
            const std::string text =
                is_error
                    ? std::string(to_string(static_cast<ErrorKind>(source.below(4)))) + " because"
                    : to_json(Value(Bytes{source.text(255)}));
            is_torn = source.below(8) == 7;
            if (!is_torn)
                writer.respond(LaneWriter::now(),
                               is_error ? LaneWriter::Result::error : LaneWriter::Result::value,
                               text);
            if (writer.overflowed()) break;
            ++written;
            meant.entries.push_back(
                {.outcome = is_torn    ? Outcome()
                            : is_error ? Outcome(*error_kind_from(text.substr(0, text.find(' '))))
                                       : Outcome(value_from_json(text))});
        }
        if (writer.overflowed()) return;
        const bool is_over = !is_torn && source.flag();
        if (is_over) writer.end_life();
        const LaneReader reader(folder.path());
        const History history = reader.read(7, lane_scenario());
        require(history.entries.front().responded.has_value() == is_over,
                "the end of a worker is lost, or came by itself");
        require(history.entries.size() == written + 1,
                "a lane holds another number of calls than were made");
        for (std::size_t i = 0; i < written; ++i) {
            const Entry& entry = history.entries[i + 1];
            require(entry.responded.has_value() == !(is_torn && i + 1 == written),
                    "a response is lost");
            if (entry.responded)
                require(entry.outcome == meant.entries[i].outcome, "an outcome is another");
        }
        std::vector<std::size_t> seen;
        const auto pending = reader.pending(7, lane_scenario(), seen);
        require(pending.entries.size() == (is_torn ? 1U : 0U),
                "another number of calls is pending");
    }
}

using Door = void (*)(ByteSource&);
constexpr Door doors[] = {request, scenario, value,         greeting,      answer,
                          hello,   lines,    last_words_of, hostile_lanes, honest_lane};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteSource source(data, size);
    doors[source.below(static_cast<int>(std::size(doors)))](source);
    return 0;
}
