// The main of every test program. The fork server comes first: it must be forked before GoogleTest
// or a test starts a thread.

#include <gtest/gtest.h>

#include "freethreading/backend.hpp"

int main(int argc, char** argv) {
    freethreading::start_fork_server();
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
