#include "conformance/wire/lane_reader.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

namespace conformance {
namespace {

std::span<const LaneSlot> map_lane(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    void* memory = MAP_FAILED;
    std::size_t size = 0;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
        size = static_cast<std::size_t>(status.st_size);
        memory = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    }
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    if (memory == MAP_FAILED)
        throw std::system_error(error, std::generic_category(), file.string());
    return {static_cast<const LaneSlot*>(memory), size / sizeof(LaneSlot)};
}

template <class Number>
Number load(const Number& number) {
    // The mapping is read-only, and an atomic load of this size does not write.
    return std::atomic_ref(const_cast<Number&>(number)).load(std::memory_order_acquire);
}

/// One worker's lane in one run.
class LaneOfWorker {
  public:
    LaneOfWorker(std::span<const LaneSlot> lane, std::uint64_t run, const WorkerPlan& worker)
        : lane_(lane), run_(run), worker_(worker) {}

    void read(std::vector<Entry>& entries) {
        for (std::size_t i = 0; i < lane_.size() && load(lane_[i].run) == run_;) {
            const LaneSlot& slot = lane_[i];
            const std::uint32_t state = load(slot.state);
            Entry entry{.worker = worker_.id, .call = call(slot, i), .invoked = slot.invoked};
            if (slot.worker != worker_.id)
                reject("4.1", "worker " + std::to_string(slot.worker) + " wrote it");
            if (state == LaneSlot::responded_state) {
                entry.responded = slot.responded;
                if (slot.responded < slot.invoked)
                    reject("4.5", "a response before its invocation");
                const std::string text = text_of(slot, i);
                entry.outcome = outcome(slot, text);
                i += LaneSlot::slots_for(text.size());
            } else if (state != LaneSlot::invoked_state) {
                reject("4.2", "the state " + std::to_string(state));
            } else {
                // A worker waits for one call only: what follows is its unfinished response.
                if (i > 0) return entries.push_back(std::move(entry));
                ++i;
            }
            entries.push_back(std::move(entry));
        }
    }

  private:
    [[noreturn]] void reject(const char* rule, const std::string& what) const {
        throw MalformedMessage(std::string("rule ") + rule + ": in the lane of worker " +
                               std::to_string(worker_.id) + ": " + what);
    }

    Call call(const LaneSlot& slot, std::size_t position) {
        if ((slot.call == LaneSlot::whole_life) != (position == 0))
            reject("4.3", "the first slot is that of call -1, and no other");
        if (position == 0)
            return {.id = LaneSlot::whole_life, .object = worker_.id, .operation = Operation::run};
        // Calls come in their order, so that the next one is nearly always the one.
        for (std::size_t tried = 0; tried < worker_.calls.size(); ++tried) {
            const Call& candidate = worker_.calls[next_call_];
            next_call_ = (next_call_ + 1) % worker_.calls.size();
            if (candidate.id == slot.call) return candidate;
        }
        reject("4.2", "no call " + std::to_string(slot.call));
    }

    std::string text_of(const LaneSlot& slot, std::size_t position) const {
        const std::size_t size = slot.text_size;
        if (LaneSlot::slots_for(size) > lane_.size() - position)
            reject("4.2", "a text beyond the end of the lane");
        const auto* const bytes = reinterpret_cast<const char*>(&slot);
        return {bytes + offsetof(LaneSlot, text), size};
    }

    Outcome outcome(const LaneSlot& slot, const std::string& text) const {
        if (slot.outcome > 1) reject("4.2", "the outcome " + std::to_string(slot.outcome));
        if (slot.outcome == 1) {
            const std::string_view kind = std::string_view(text).substr(0, text.find(' '));
            const auto known = error_kind_from(kind);
            if (!known) reject("6.2", "the error \"" + std::string(kind) + '"');
            return *known;
        }
        try {
            return value_from_json(text);
        } catch (const MalformedMessage& malformed) {
            throw MalformedMessage(std::string(malformed.what()) + ", in the lane of worker " +
                                   std::to_string(worker_.id));
        }
    }

    std::span<const LaneSlot> lane_;
    std::uint64_t run_;
    const WorkerPlan& worker_;
    std::size_t next_call_ = 0;
};

void mark_killed(std::vector<Entry>& entries) {
    std::vector<Id> killed;
    for (const Entry& entry : entries) {
        if (entry.call.operation == Operation::kill && entry.responded && !entry.outcome.is_error())
            killed.push_back(entry.call.object);
    }
    for (Entry& entry : entries) {
        const bool was_killed = std::ranges::find(killed, entry.worker) != killed.end();
        if (was_killed && !entry.responded) entry.killed = true;
    }
}

}  // namespace

LaneReader::LaneReader(const std::filesystem::path& folder) {
    for (std::size_t i = 0;; ++i) {
        const auto file = folder / ("lane-" + std::to_string(i));
        if (!std::filesystem::exists(file)) return;
        lanes_.push_back(map_lane(file));
    }
}

LaneReader::~LaneReader() {
    for (const auto& lane : lanes_)
        munmap(const_cast<LaneSlot*>(lane.data()), lane.size_bytes());
}

History LaneReader::read(std::uint64_t run, const Scenario& scenario) const {
    History history;
    const std::size_t count = std::min(scenario.workers.size(), lanes_.size());
    for (std::size_t i = 0; i < count; ++i)
        LaneOfWorker(lanes_[i], run, scenario.workers[i]).read(history.entries);
    mark_killed(history.entries);
    return history;
}

}  // namespace conformance
