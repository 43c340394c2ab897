#include "board.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "../process_status.hpp"

namespace kill_tests {
namespace {

// Mapped before main, so that the fork server and all workers inherit it.
Board* map_board() {
    void* const memory =
        mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    return new (memory) Board;
}
Board* const shared_board = map_board();

}  // namespace

Board& board() {
    return *shared_board;
}

void Board::clear() {
    victim = 0;
    attached = false;
    left = false;
    note = 0;
    for (auto& seat : seats) {
        seat.process = 0;
        seat.result = 0;
    }
}

void take_seat(std::size_t seat) {
    board().seats.at(seat).process = getpid();
}
void report(std::size_t seat, int result) {
    board().seats.at(seat).result = result;
}
int result_of(std::size_t seat) {
    return board().seats.at(seat).result;
}

int await_result(std::size_t seat) {
    EXPECT_TRUE(eventually([&] { return result_of(seat) != 0; }))
        << "the worker in seat " << seat << " hangs";
    return result_of(seat);
}

void await_sleep(std::size_t seat) {
    EXPECT_TRUE(eventually([&] { return sleeps(seat); }))
        << "the worker in seat " << seat << " does not sleep";
}

bool sleeps(std::size_t seat) {
    const pid_t process = board().seats.at(seat).process;
    return process != 0 && sleeps_in_futex(process);
}

bool sleeps_in_futex(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/syscall");
    std::string number;
    file >> number;
    return number == "202";
}

bool is_stopped(pid_t process) {
    const auto status = process_status(process);
    return status && status->state == 'T';
}

bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + hang;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        sched_yield();
    }
    return true;
}

void Partner::kill() const {
    const pid_t process = board().seats.at(seat_).process;
    if (process != 0 && worker_.is_alive()) ::kill(process, SIGKILL);
}

void Partner::stop() const {
    const pid_t process = board().seats.at(seat_).process;
    ::kill(process, SIGSTOP);
    EXPECT_TRUE(eventually([&] { return is_stopped(process); }));
}
void Partner::go_on() const {
    const pid_t process = board().seats.at(seat_).process;
    if (process != 0 && worker_.is_alive()) ::kill(process, SIGCONT);
}

void Partner::dismiss() const {
    go_on();
    worker_.join(hang);
    if (!worker_.is_alive()) return;
    ADD_FAILURE() << "the worker in seat " << seat_ << " hangs";
    kill();
    worker_.join();
}

}  // namespace kill_tests
