#include "conformance/wire/lane_reader.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

std::size_t size_of(int descriptor, const std::filesystem::path& file) {
    struct stat status{};
    if (fstat(descriptor, &status) != 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    return static_cast<std::size_t>(status.st_size);
}

template <class Number>
Number load(const Number& number) {
    // The mapping is read-only, and an atomic load of this size does not write.
    return std::atomic_ref(const_cast<Number&>(number)).load(std::memory_order_acquire);
}

/// One worker's lane in one run, entry by entry.
class LaneOfWorker {
  public:
    LaneOfWorker(std::span<const LaneSlot> lane, std::uint64_t run, const WorkerPlan& worker,
                 std::size_t first = 0)
        : lane_(lane), run_(run), worker_(worker), next_(first) {}

    /// How many slots have been read.
    [[nodiscard]] std::size_t position() const { return next_; }

    /// A worker waits for one call only: what follows a pending one is its unfinished response.
    std::optional<Entry> next() {
        if (is_over_ || next_ >= lane_.size() || load(lane_[next_].run) != run_)
            return std::nullopt;
        const LaneSlot& slot = lane_[next_];
        const std::uint32_t state = load(slot.state);
        if (slot.worker != worker_.id)
            reject("4.1", "worker " + std::to_string(slot.worker) + " wrote it");
        Entry entry{.worker = worker_.id, .call = call(slot), .invoked = invocation(slot)};
        entry.round = round_;
        if (state == LaneSlot::responded_state) {
            entry.responded = slot.responded;
            if (slot.responded < slot.invoked) reject("4.5", "a response before its invocation");
            entry.outcome = outcome(slot, text_of(slot));
            next_ += LaneSlot::slots_for(slot.text_size);
        } else if (state != LaneSlot::invoked_state) {
            reject("4.2", "the state " + std::to_string(state));
        } else {
            is_over_ = next_ > 0;
            ++next_;
        }
        return entry;
    }

    /// Passes over what has responded. Returns what is pending, if that is a call.
    std::optional<Entry> skip_responses() {
        next_ = std::max<std::size_t>(next_, 1);  // its life
        for (; next_ < lane_.size() && load(lane_[next_].run) == run_;) {
            const LaneSlot& slot = lane_[next_];
            if (load(slot.state) != LaneSlot::responded_state)
                return Entry{.worker = worker_.id, .call = call(slot), .invoked = invocation(slot)};
            next_ += LaneSlot::slots_for(slot.text_size);
        }
        return std::nullopt;
    }

  private:
    [[noreturn]] void reject(const char* rule, const std::string& what) const {
        throw MalformedMessage(std::string("rule ") + rule + ": in the lane of worker " +
                               std::to_string(worker_.id) + ": " + what);
    }

    std::int64_t invocation(const LaneSlot& slot) const {
        if (slot.invoked < 0) reject("4.2", "a time that the clock never shows");
        return slot.invoked;
    }

    Call call(const LaneSlot& slot) {
        if ((slot.call == LaneSlot::whole_life) != (next_ == 0))
            reject("4.3", "the first slot is that of call -1, and no other");
        if (next_ == 0)
            return {.id = LaneSlot::whole_life, .object = worker_.id, .operation = Operation::run};
        // Calls come in their order, so that the next one is nearly always the one.
        for (std::size_t tried = 0; tried < worker_.calls.size(); ++tried) {
            if (next_call_ == worker_.calls.size()) {
                next_call_ = 0;
                if (worker_.repeat > 1) ++round_;
            }
            const Call& candidate = worker_.calls[next_call_++];
            if (candidate.id == slot.call) return in_round(worker_, candidate, round_);
        }
        reject("4.2", "no call " + std::to_string(slot.call));
    }

    std::string_view text_of(const LaneSlot& slot) const {
        const std::size_t size = slot.text_size;
        if (LaneSlot::slots_for(size) > lane_.size() - next_)
            reject("4.2", "a text beyond the end of the lane");
        const auto* const bytes = reinterpret_cast<const char*>(&slot);
        return {bytes + offsetof(LaneSlot, text), size};
    }

    Outcome outcome(const LaneSlot& slot, std::string_view text) const {
        if (slot.outcome > 1) reject("4.2", "the outcome " + std::to_string(slot.outcome));
        if (slot.outcome == 1) {
            const std::string_view kind = text.substr(0, text.find(' '));
            const auto known = error_kind_from(kind);
            if (!known) reject("6.2", "the error \"" + std::string(kind) + '"');
            return *known;
        }
        // Long histories consist of these.
        if (text == "null") return {};
        if (text == "true") return Value(true);
        if (text == "false") return Value(false);
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
    std::size_t next_;
    std::size_t next_call_ = 0;
    std::int64_t round_ = 0;
    bool is_over_ = false;
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

LaneReader::Lane::Lane(const std::filesystem::path& file)
    : descriptor_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), file.string());
    size_ = size_of(descriptor_, file);
    memory_ = mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_, 0);
    if (memory_ == MAP_FAILED) {
        const int error = errno;
        close(descriptor_);
        throw std::system_error(error, std::generic_category(), file.string());
    }
}

LaneReader::Lane::~Lane() {
    munmap(memory_, size_);
    close(descriptor_);
}

// To read beyond the end of the file would end this program by a signal. A driver that cuts its lane while it is
// read still does that.
std::span<const LaneSlot> LaneReader::Lane::slots() const {
    if (size_of(descriptor_, "a lane") < size_)
        throw MalformedMessage("rule 4.1: a lane became shorter than it was");
    return {static_cast<const LaneSlot*>(memory_), size_ / sizeof(LaneSlot)};
}

LaneReader::LaneReader(const std::filesystem::path& folder) {
    for (std::size_t i = 0;; ++i) {
        const auto file = folder / ("lane-" + std::to_string(i));
        if (!std::filesystem::exists(file)) return;
        lanes_.push_back(std::make_unique<Lane>(file));
    }
}

History LaneReader::read(std::uint64_t run, const Scenario& scenario) const {
    History history;
    for_each(run, scenario, [&](const Entry& entry) { history.entries.push_back(entry); });
    mark_killed(history.entries);
    return history;
}

void LaneReader::for_each(std::uint64_t run, const Scenario& scenario,
                          const std::function<void(const Entry&)>& visit) const {
    const std::size_t count = std::min(scenario.workers.size(), lanes_.size());
    for (std::size_t i = 0; i < count; ++i) {
        LaneOfWorker lane(lanes_[i]->slots(), run, scenario.workers[i]);
        while (const auto entry = lane.next())
            visit(*entry);
    }
}

History LaneReader::pending(std::uint64_t run, const Scenario& scenario,
                            std::vector<std::size_t>& seen) const {
    History history;
    const std::size_t count = std::min(scenario.workers.size(), lanes_.size());
    seen.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::span<const LaneSlot> slots = lanes_[i]->slots();
        if (slots.empty() || load(slots[0].run) != run) continue;
        LaneOfWorker lane(slots, run, scenario.workers[i], seen[i]);
        if (auto entry = lane.skip_responses()) history.entries.push_back(*std::move(entry));
        seen[i] = lane.position();
    }
    return history;
}

}  // namespace conformance
