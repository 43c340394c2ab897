// Workers killed at every instruction of put, get, task_done and join: FAULT-8 to FAULT-13. Over 400 lines, since
// all rounds are made of the same items and the same filled queue.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/item_queue.hpp"
#include "freethreading/platform/process.hpp"
#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::Lock;
using freethreading::Queue;
using freethreading::Worker;

struct Small {  // `segment_full` of them fill a segment of the queue
    int tag;
};
constexpr int segment_full = 1016;
struct Large {  // travels in a message of its own
    int tag;
    std::vector<std::uint64_t> numbers;
};
struct Carrying {  // likewise, and carries a reference
    int tag;
    Lock lock;
};

std::vector<std::uint64_t> numbers_of_a_large_item() {
    return std::vector<std::uint64_t>(
        1 + freethreading::platform::Item::largest_inline_size / sizeof(std::uint64_t), 7);
}

template <class T>
T make(int tag) {
    if constexpr (std::is_same_v<T, Large>) {
        return {tag, numbers_of_a_large_item()};
    } else if constexpr (std::is_same_v<T, Carrying>) {
        return {tag, Lock()};
    } else {
        T item{};
        item.tag = tag;
        return item;
    }
}

template <class T>
int examine(const T& item) {
    if constexpr (std::is_same_v<T, Large>) EXPECT_EQ(item.numbers, numbers_of_a_large_item());
    if constexpr (std::is_same_v<T, Carrying>) EXPECT_FALSE(item.lock.locked());
    return item.tag;
}

template <class T>
void put_one(Queue<T> queue, int tag) {
    queue.put(make<T>(tag), hang);
}

template <class T>
void get_one(Queue<T> queue, std::size_t seat) {
    take_seat(seat);
    report(seat, examine(queue.get(hang)));
}

template <class T>
void put_from_seat(Queue<T> queue, int tag, std::size_t seat) {
    take_seat(seat);
    queue.put(make<T>(tag), hang);
    report(seat, tag);
}

template <class T>
void put_in_region(Queue<T> queue) {
    const T item = make<T>(99);
    const Region region;
    queue.put(item);
}

template <class T>
void get_in_region(Queue<T> queue) {
    static_cast<void>(make<T>(0));  // a sanitizer's first block of a size takes 60,000 instructions
    const Region region;
    const T item = queue.get();
    Region::leave();
    examine(item);
}

template <class T>
std::vector<int> drain(const Queue<T>& queue) {
    std::vector<int> tags;
    while (!queue.empty())
        tags.push_back(examine(queue.get(hang)));
    return tags;
}

std::vector<int> tags_between(int first, int last) {
    std::vector<int> tags;
    for (int tag = first; tag <= last; ++tag)
        tags.push_back(tag);
    return tags;
}

// A queue of items with the tags 1 to `Filled`, after `Gone` more have come and gone.
template <class T, int Filled, int Gone = 0, int Maxsize = 0>
struct FilledQueue {
    Queue<T> queue{Maxsize};
    FilledQueue() {
        for (int i = 0; i < Gone; ++i)
            queue.put(make<T>(-1));
        for (int i = 0; i < Filled; ++i)
            queue.put(make<T>(i + 1));
        for (int i = 0; i < Gone; ++i)
            examine(queue.get());
    }
    // What everybody does with it after somebody was killed: 100 and 101 are the last items.
    void go_on() const {
        queue.put(make<T>(100), hang);
        in_another_worker(put_one<T>, queue, 101);
    }
    void wake() const {}
};

template <class T, int Filled, int Gone = 0>
struct PutRound : FilledQueue<T, Filled, Gone> {
    Worker victim{put_in_region<T>, this->queue};
    void check(bool completed) const {
        auto tags = drain(this->queue);
        const bool arrived = tags.size() > Filled && tags[Filled] == 99;
        EXPECT_TRUE(arrived || !completed);
        auto expected = tags_between(1, Filled);
        if (arrived) expected.push_back(99);
        expected.insert(expected.end(), {100, 101});
        EXPECT_EQ(tags, expected);
    }
};

template <class T, int Filled, int Gone = 0>
struct GetRound : FilledQueue<T, Filled, Gone> {
    Worker victim{get_in_region<T>, this->queue};
    void check(bool completed) const {
        auto tags = drain(this->queue);
        const bool stayed = !tags.empty() && tags[0] == 1;
        EXPECT_FALSE(stayed && completed);
        auto expected = tags_between(stayed ? 1 : 2, Filled);
        expected.insert(expected.end(), {100, 101});
        EXPECT_EQ(tags, expected);
    }
};

// How many blocks of the arena another item takes.
template <class T>
std::uint64_t blocks_of_another(const Queue<T>& queue) {
    const auto before = freethreading::platform::arena_use().blocks;
    queue.put(make<T>(0));
    return freethreading::platform::arena_use().blocks - before;
}

// The rounds below are what their names say only as long as the queue does this.
TEST(KillEverywhere, rounds_of_a_queue_begin_at_the_ends_of_its_segments) {
    if (!Survey::possible()) GTEST_SKIP() << "memory of workers that are processes";
    const FilledQueue<Small, segment_full - 1> almost;
    EXPECT_EQ(blocks_of_another(almost.queue), 0U);
    EXPECT_EQ(blocks_of_another(almost.queue), 1U) << "no second segment";
    const FilledQueue<Small, segment_full, segment_full> with_spare;
    EXPECT_EQ(blocks_of_another(with_spare.queue), 0U) << "the spare segment is not used";
    const FilledQueue<Large, 1> messages;
    EXPECT_GE(blocks_of_another(messages.queue), 1U) << "the item lies in the queue";
    const FilledQueue<Carrying, 1> handles;
    EXPECT_GE(blocks_of_another(handles.queue), 2U) << "the item lies in the queue";
}

TEST(KillEverywhere, put_of_a_small_item) {
    kill_everywhere<PutRound<Small, 1>>("put");
}
TEST(KillEverywhere, put_into_a_new_segment) {
    kill_everywhere<PutRound<Small, 0>>("put into a new segment");
    kill_everywhere<PutRound<Small, segment_full>>("put into a second segment");
    kill_everywhere<PutRound<Small, segment_full, segment_full>>("put into a spare segment");
}
TEST(KillEverywhere, put_of_an_item_in_a_message) {
    kill_everywhere<PutRound<Large, 1>>("put in a message");
}
TEST(KillEverywhere, put_of_an_item_with_a_handle) {
    kill_everywhere<PutRound<Carrying, 1>>("put of a handle");
}
TEST(KillEverywhere, get_of_a_small_item) {
    kill_everywhere<GetRound<Small, 2>>("get");
}
TEST(KillEverywhere, get_of_the_last_item_of_a_segment) {
    kill_everywhere<GetRound<Small, 1>>("get of the last item");
    kill_everywhere<GetRound<Small, segment_full + 1, segment_full - 1>>(
        "get that leaves a spare segment");
    kill_everywhere<GetRound<Small, segment_full + 1, 2 * segment_full - 1>>(
        "get that frees a segment");
}
TEST(KillEverywhere, get_of_an_item_in_a_message) {
    kill_everywhere<GetRound<Large, 2>>("get in a message");
}
TEST(KillEverywhere, get_of_an_item_with_a_handle) {
    kill_everywhere<GetRound<Carrying, 2>>("get of a handle");
}

// Somebody sleeps in `get`: it must have the victim's item, or the next one, and nobody may have
// one twice.
template <class T>
struct PutForSleeperRound {
    Queue<T> queue;
    Partner sleeper{0, get_one<T>, queue, std::size_t{0}};
    Partner another{1, get_one<T>, queue, std::size_t{1}};
    Worker victim{put_in_region<T>, queue};
    PutForSleeperRound() {
        await_sleep(0);
        await_sleep(1);
    }
    void wake() const {}
    void go_on() const {
        queue.put(make<T>(100), hang);
        in_another_worker(put_one<T>, queue, 101);
    }
    void check(bool completed) const {
        std::vector<int> tags{await_result(0), await_result(1)};
        if (tags[0] > tags[1]) std::swap(tags[0], tags[1]);
        const auto rest = drain(queue);
        tags.insert(tags.end(), rest.begin(), rest.end());
        if (completed || tags.size() == 3) {
            EXPECT_EQ(tags, (std::vector{99, 100, 101}));
        } else {
            EXPECT_EQ(tags, (std::vector{100, 101}));
        }
    }
};
TEST(KillEverywhere, put_for_sleepers) {
    kill_everywhere<PutForSleeperRound<Small>>("put for sleepers");
}

// The victim sleeps in `get` first, somebody else behind it.
struct GetAsleepRound {
    Queue<Small> queue;
    std::unique_ptr<Partner> other;
    Worker victim{get_in_region<Small>, queue};
    void wake() {
        other = std::make_unique<Partner>(0, get_one<Small>, queue, std::size_t{0});
        await_sleep(0);
        queue.put({1});
        queue.put({2});
    }
    void go_on() const {
        queue.put({3}, hang);
        in_another_worker(put_one<Small>, queue, 4);
    }
    void check(bool completed) const {
        std::vector<int> tags;
        if (other != nullptr) tags.push_back(await_result(0));
        const auto rest = drain(queue);
        tags.insert(tags.end(), rest.begin(), rest.end());
        std::sort(tags.begin(), tags.end());
        const auto all = tags_between(other != nullptr ? 1 : 3, 4);
        if (!completed && tags == all) return;
        EXPECT_EQ(tags.size(), all.size() - 1);
        EXPECT_TRUE(std::includes(all.begin(), all.end(), tags.begin(), tags.end()))
            << testing::PrintToString(tags);
    }
};
TEST(KillEverywhere, FAULT_8_get_asleep) {
    kill_everywhere<GetAsleepRound>("get asleep");
}

// The victim sleeps in `put` of a full queue first, somebody else behind it.
struct PutAsleepRound : FilledQueue<Small, 2, 0, 2> {
    std::unique_ptr<Partner> other;
    Worker victim{put_in_region<Small>, queue};
    std::vector<int> tags;
    void wake() {
        other = std::make_unique<Partner>(0, put_from_seat<Small>, queue, 3, std::size_t{0});
        await_sleep(0);
        tags.push_back(queue.get(hang).tag);
        tags.push_back(queue.get(hang).tag);
    }
    void go_on() {
        if (other != nullptr) EXPECT_EQ(await_result(0), 3);
        while (!queue.empty())
            tags.push_back(queue.get(hang).tag);
        FilledQueue::go_on();
    }
    void check(bool completed) {
        for (const int tag : drain(queue))
            tags.push_back(tag);
        const auto arrived = std::erase(tags, 99);
        EXPECT_LE(arrived, 1U);
        EXPECT_TRUE(arrived == 1 || !completed);
        auto expected = tags_between(1, other != nullptr ? 3 : 2);
        expected.insert(expected.end(), {100, 101});
        EXPECT_EQ(tags, expected);
    }
};
TEST(KillEverywhere, FAULT_10_put_asleep) {
    kill_everywhere<PutAsleepRound>("put asleep");
}

// Somebody sleeps in `put` of a full queue.
struct GetForSleeperRound : FilledQueue<Small, 1, 0, 1> {
    Partner sleeper{0, put_from_seat<Small>, queue, 2, std::size_t{0}};
    Worker victim{get_in_region<Small>, queue};
    std::vector<int> tags;
    GetForSleeperRound() { await_sleep(0); }
    void go_on() {
        do {
            tags.push_back(queue.get(hang).tag);
        } while (tags.back() == 1);
        EXPECT_EQ(await_result(0), 2);
        in_another_worker(put_one<Small>, queue, 3);
        tags.push_back(queue.get(hang).tag);
    }
    void check(bool completed) const {
        EXPECT_TRUE(queue.empty());
        EXPECT_EQ(tags, tags_between(!completed && tags[0] == 1 ? 1 : 2, 3));
    }
};
TEST(KillEverywhere, get_for_a_sleeper) {
    kill_everywhere<GetForSleeperRound>("get for a sleeper");
}

void task_done_in_region(Queue<Small> queue) {
    const Region region;
    queue.task_done();
}
void join_queue(Queue<Small> queue, std::size_t seat) {
    take_seat(seat);
    queue.join();
    report(seat, 1);
}

// One of `Unfinished` items is done with, for which somebody waits in `join`.
template <int Unfinished>
struct TaskDoneRound : FilledQueue<Small, 0, Unfinished> {
    Partner sleeper{0, join_queue, this->queue, std::size_t{0}};
    Worker victim{task_done_in_region, this->queue};
    TaskDoneRound() { await_sleep(0); }
    // Says so for the rest, and returns for how many.
    int finish() const {
        for (int done = 0;; ++done) {
            try {
                this->queue.task_done();
            } catch (const freethreading::ValueError&) {
                return done;
            }
        }
    }
    void go_on() const {}
    void check(bool completed) const {
        const int rest = finish();
        EXPECT_TRUE(rest == Unfinished - 1 || (rest == Unfinished && !completed)) << rest;
        await_result(0);
        this->queue.put({1}, hang);
        in_another_worker(get_one<Small>, this->queue, std::size_t{1});
        EXPECT_EQ(finish(), 1);
        this->queue.join();
    }
};
TEST(KillEverywhere, FAULT_13_task_done) {
    kill_everywhere<TaskDoneRound<2>>("task_done");
    kill_everywhere<TaskDoneRound<1>>("task_done of the last item");
}

void join_in_region(Queue<Small> queue) {
    const Region region;
    queue.join();
}
struct JoinRound : FilledQueue<Small, 0, 1> {
    Worker victim{join_in_region, queue};
    void wake() const { queue.task_done(); }
    void check(bool) const {
        EXPECT_EQ(drain(queue), (std::vector{100, 101}));
        queue.task_done();
        queue.task_done();
    }
};
TEST(KillEverywhere, join_of_a_queue) {
    kill_everywhere<JoinRound>("join of a queue");
}

// Others come while the victim holds the queue's lock, and sleep until it is free.
struct ContendedPutRound : FilledQueue<Small, 1> {
    Worker victim{put_in_region<Small>, queue};
    std::unique_ptr<Partner> first;
    std::unique_ptr<Partner> second;
    // Its three fields are changed, and the lock is held still.
    [[nodiscard]] bool may_interfere() const {
        const auto& root = freethreading::platform::root();
        for (std::uint32_t slot = 0; slot < root.contexts_used.load(); ++slot) {
            const auto& context = root.contexts[slot];
            if (context.process.load() > 2 && context.journal.count == 3) return true;
        }
        return false;
    }
    void interfere() {
        first = std::make_unique<Partner>(0, put_from_seat<Small>, queue, 2, std::size_t{0});
        second = std::make_unique<Partner>(1, put_from_seat<Small>, queue, 3, std::size_t{1});
        await_sleep(0);
        await_sleep(1);
    }
    void check(bool completed) const {
        if (first != nullptr) await_result(0);
        if (second != nullptr) await_result(1);
        auto tags = drain(queue);
        std::sort(tags.begin(), tags.end());
        const auto arrived = std::erase(tags, 99);
        EXPECT_LE(arrived, 1U);
        EXPECT_TRUE(arrived == 1 || !completed);
        auto expected = tags_between(1, first != nullptr ? 3 : 1);
        expected.insert(expected.end(), {100, 101});
        EXPECT_EQ(tags, expected);
    }
};
TEST(KillEverywhere, put_while_others_wait_for_the_lock) {
    kill_everywhere<ContendedPutRound>("put while others wait for the lock");
}

}  // namespace
}  // namespace kill_tests
