// A library that a program loads while it runs.

extern "C" int late_target_calls;
int late_target_calls = 0;

extern "C" void late_target() {
    ++late_target_calls;
}
